import { fileURLToPath } from 'node:url';
import { ServiceFunction, SimpleWebService } from '@skein/patterns';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';

const app = new App();
const stack = new Stack(app, 'SimpleWebService');

const handler = new ServiceFunction(stack, 'Handler', {
  entry: fileURLToPath(new URL('functions/orders.ts', import.meta.url)),
});
const orders = new SimpleWebService(stack, 'Orders', { handler, removalPolicy: RemovalPolicy.DESTROY });

new CfnOutput(stack, 'Url', { value: orders.api.apiEndpoint, description: 'POST an order to /orders' });
