import { fileURLToPath } from 'node:url';
import { TABLE_NAME } from '@skein/lambda/env';
import { Notifier, ServiceFunction, Subscriber, type SubscriberProps } from '@skein/patterns';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { SubscriptionFilter } from 'aws-cdk-lib/aws-sns';

const app = new App();
const stack = new Stack(app, 'NotifierRaces');

// The subscribers, and a topic whose subscriber lacks the guard.
const { topic } = new Notifier(stack, 'News');
const placed = { type: SubscriptionFilter.stringFilter({ allowlist: ['placed'] }) };
subscribe('Mail', { topic, filterPolicy: placed });
subscribe('Archive', { topic });
const { topic: other } = new Notifier(stack, 'OtherNews');
subscribe('Forgetful', { topic: other }, 'forgetfulHear.ts');
new CfnOutput(stack, 'NewsArn', { value: topic.topicArn });
new CfnOutput(stack, 'OtherNewsArn', { value: other.topicArn });

function subscribe(name: string, wanted: Omit<SubscriberProps, 'handler'>, entry = '../../functions/hear.ts'): void {
  const heard = new Table(stack, `${name}Table`, {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
  });
  const handler = new ServiceFunction(stack, `${name}Hear`, {
    entry: fileURLToPath(new URL(entry, import.meta.url)),
    environment: { [TABLE_NAME]: heard.tableName, SUBSCRIBER: name },
  });
  heard.grant(handler, 'dynamodb:PutItem');
  new Subscriber(stack, name, { ...wanted, handler });
}
