import { fileURLToPath } from 'node:url';
import { IdempotencyTable, InternalHandoff, ServiceFunction } from '@skein/patterns';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';

const app = new App();
const stack = new Stack(app, 'InternalHandoff');

const pathOf = (module: string): string => fileURLToPath(new URL(`functions/${module}.ts`, import.meta.url));

const handler = new ServiceFunction(stack, 'Invoice', { entry: pathOf('invoice'), timeout: Duration.seconds(10) });
new IdempotencyTable(stack, 'Keys').addTo(handler);
const invoices = new InternalHandoff(stack, 'Invoices', {
  handler,
  tableOperations: ['PutItem'],
  removalPolicy: RemovalPolicy.DESTROY,
});

// Another service, which is granted to hand orders over, and nothing else.
const shop = new ServiceFunction(stack, 'Shop', {
  entry: pathOf('shop'),
  environment: { INVOICES_FUNCTION_NAME: handler.functionName },
});
invoices.grantHandOver(shop);

new CfnOutput(stack, 'FunctionName', { value: handler.functionName, description: 'invoke it with the type Event' });
new CfnOutput(stack, 'TableName', { value: invoices.table.tableName });
