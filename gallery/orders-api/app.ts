import { fileURLToPath } from 'node:url';
import { ServiceFunction, SimpleWebService } from '@skein/patterns';
import { App, CfnOutput, CfnParameter, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpApi, PayloadFormatVersion } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { FunctionUrlAuthType, InvokeMode } from 'aws-cdk-lib/aws-lambda';

const module = (name: string): string => fileURLToPath(new URL(`functions/${name}.ts`, import.meta.url));

const app = new App();
const stack = new Stack(app, 'OrdersApi');
const secret = new CfnParameter(stack, 'TokenSecret', {
  noEcho: true,
  minLength: 16,
  description: 'What the tokens of clients are signed with',
});
const environment = { TOKEN_SECRET: secret.valueAsString };

const handler = new ServiceFunction(stack, 'Handler', { entry: module('orders'), environment });
const orders = new SimpleWebService(stack, 'Orders', { handler, removalPolicy: RemovalPolicy.DESTROY });

// The same API for clients of an older gateway, whose events have another shape.
const older = new HttpApi(stack, 'OlderApi', {
  defaultIntegration: new HttpLambdaIntegration('Older', handler, {
    payloadFormatVersion: PayloadFormatVersion.VERSION_1_0,
  }),
});

// The same API at a function URL: exports leave piece by piece, and may be longer than what a gateway takes.
const streaming = new ServiceFunction(stack, 'Streaming', { entry: module('streaming/streaming'), environment });
streaming.addEnvironment('TABLE_NAME', orders.table.tableName);
orders.table.grantReadWriteData(streaming);
const url = streaming.addFunctionUrl({ authType: FunctionUrlAuthType.NONE, invokeMode: InvokeMode.RESPONSE_STREAM });

new CfnOutput(stack, 'Url', { value: orders.api.apiEndpoint, description: 'the API: POST an order to /orders' });
new CfnOutput(stack, 'OlderUrl', { value: older.apiEndpoint, description: 'the API, with payload format 1.0' });
new CfnOutput(stack, 'StreamingUrl', { value: url.url, description: 'the API, with streamed answers' });
