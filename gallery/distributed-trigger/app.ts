import { fileURLToPath } from 'node:url';
import { TABLE_NAME } from '@skein/lambda/env';
import { DistributedTrigger, ServiceFunction } from '@skein/patterns';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';

const app = new App();
const stack = new Stack(app, 'DistributedTrigger');

const pathOf = (module: string): string => fileURLToPath(new URL(`functions/${module}.ts`, import.meta.url));

/** A part of the service that keeps what it has done, in a table of its own. */
function part(name: string): ServiceFunction {
  const done = new Table(stack, `${name}Table`, {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const handler = new ServiceFunction(stack, name, {
    entry: pathOf('work'),
    environment: { [TABLE_NAME]: done.tableName },
    timeout: Duration.seconds(10),
  });
  done.grant(handler, 'dynamodb:PutItem');
  return handler;
}

const trigger = new ServiceFunction(stack, 'Trigger', { entry: pathOf('trigger') });
const { topic } = new DistributedTrigger(stack, 'Uploads', {
  trigger,
  subscribers: { thumbnails: part('Thumbnails'), search: part('Search') },
});

// The event source: here a rule, it may be anything that starts a function.
const bus = new EventBus(stack, 'Bus');
const rule = new Rule(stack, 'Uploaded', {
  eventBus: bus,
  eventPattern: { source: ['uploads'], detailType: ['uploaded'] },
});
// The CDK's classes fit its interfaces, but it was not compiled with exactOptionalPropertyTypes.
rule.addTarget(new LambdaFunction(trigger as IFunction));

new CfnOutput(stack, 'BusName', { value: bus.eventBusName, description: 'put events of the source uploads on it' });
new CfnOutput(stack, 'TopicArn', { value: topic.topicArn, description: 'nobody but the trigger may publish to it' });
