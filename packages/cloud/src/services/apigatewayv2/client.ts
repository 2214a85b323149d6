import type * as sdk from '@aws-sdk/client-apigatewayv2';
import type { Aws, ClientOf } from '../../kernel/service.ts';

/** The operations of API Gateway as the deploy engine and tests call them. */
export type ApiGatewayClient = ClientOf<typeof sdk>;

/** API Gateway's operations among those of all services. */
export const clientOf = (aws: Aws): ApiGatewayClient => Reflect.get(aws, 'apigatewayv2') as ApiGatewayClient; // named after the service
