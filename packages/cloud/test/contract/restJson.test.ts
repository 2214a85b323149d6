import * as apigatewayv2 from '@aws-sdk/client-apigatewayv2';
import * as lambda from '@aws-sdk/client-lambda';
import { describe } from 'vitest';
import { ANY_TEXT, type ClientConfiguration, describeWire } from './describeWire.ts';

const limits = { text: ANY_TEXT, empties: true };

describe.each([
  {
    name: 'lambda',
    sdk: lambda,
    client: (configuration: ClientConfiguration) => new lambda.LambdaClient(configuration),
    protocol: { kind: 'restJson' },
    except: ['InvokeWithResponseStream'], // a stream of events
  },
  {
    name: 'apigateway',
    sdk: apigatewayv2,
    client: (configuration: ClientConfiguration) => new apigatewayv2.ApiGatewayV2Client(configuration),
    protocol: { kind: 'restJson' },
  },
] as const)('REST-JSON: $name', (wire) => {
  describeWire({ ...wire, limits });
});
