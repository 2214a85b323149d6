import { fileURLToPath } from 'node:url';
import { TABLE_NAME } from '@skein/lambda/env';
import { Router, ServiceFunction } from '@skein/patterns';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';

const app = new App();
const stack = new Stack(app, 'Router');

const pathOf = (module: string): string => fileURLToPath(new URL(`functions/${module}.ts`, import.meta.url));

/** The tasks of a service that has its own table, by the type of the events that they are for. */
function tasksOf(service: string) {
  const orders = new Table(stack, `${service}Table`, {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const task = (module: string): ServiceFunction => {
    const environment = { [TABLE_NAME]: orders.tableName };
    const made = new ServiceFunction(stack, `${service}-${module}`, { entry: pathOf(module), environment });
    orders.grant(made, 'dynamodb:UpdateItem');
    return made;
  };
  return {
    'order.placed': task('reserve'),
    'order.paid': task('ship'),
    'order.cancelled': task('release'),
  };
}

// The same service twice: a function routes, or a topic.
const router = new ServiceFunction(stack, 'Route', { entry: pathOf('router') });
new Router(stack, 'Orders', { router, tasks: tasksOf('Orders') });
const { topic } = new Router(stack, 'TopicOrders', { tasks: tasksOf('TopicOrders') });

new CfnOutput(stack, 'RouterName', { value: router.functionName, description: 'invoke it with an event' });
new CfnOutput(stack, 'TopicArn', {
  value: topic?.topicArn ?? '',
  description: 'publish an event with its type as an attribute',
});
