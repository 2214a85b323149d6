import type * as sdk from '@aws-sdk/client-apigatewayv2';
import type { OperationsOf, ServiceEnvironment } from '../../kernel/service.ts';
import type { Deployments } from './deployments.ts';
import type { Gateway } from './http/gateway.ts';
import type { Stores } from './stores/stores.ts';

export type ApiGatewayOperations = OperationsOf<typeof sdk>;

/** All that an operation of API Gateway may use. */
export interface ApiGatewayDependencies extends ServiceEnvironment {
  readonly stores: Stores;
  readonly gateway: Gateway;
  readonly deployments: Deployments;
}
