import { fileURLToPath } from 'node:url';
import { TABLE_NAME } from '@skein/lambda/env';
import { ServiceFunction, Subscriber, type SubscriberProps } from '@skein/patterns';
import { type App, CfnOutput, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Topic } from 'aws-cdk-lib/aws-sns';

/** Under this name the shop's stack exports the ARN of its topic. */
export const NEWS_EXPORT = 'notifier-shop-news';

/** Which of the news a service wants to hear. */
type Wanted = Pick<SubscriberProps, 'filterPolicy' | 'filterPolicyWithMessageBody'>;

/** A service of its own that hears the shop's news: it keeps what it hears in a table. All that it knows of the shop is the name of an export. */
export function subscriberStack(app: App, name: string, wanted: Wanted = {}): Stack {
  const stack = new Stack(app, `Notifier${name}`);
  const heard = new Table(stack, 'Heard', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const handler = new ServiceFunction(stack, 'Hear', {
    entry: fileURLToPath(new URL('functions/hear.ts', import.meta.url)),
    environment: { [TABLE_NAME]: heard.tableName, SUBSCRIBER: name },
  });
  heard.grant(handler, 'dynamodb:PutItem');
  const topic = Topic.fromTopicArn(stack, 'News', Fn.importValue(NEWS_EXPORT));
  const { deadLetters } = new Subscriber(stack, name, { topic, handler, ...wanted });
  new CfnOutput(stack, `${name}Table`, { value: heard.tableName });
  new CfnOutput(stack, `${name}DeadLettersUrl`, { value: deadLetters.queue.queueUrl });
  return stack;
}
