import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';
import { page } from '../page.ts';

export const getApi =
  ({ stores }: ApiGatewayDependencies): ApiGatewayOperations['GetApi'] =>
  ({ ApiId = '' }, context) =>
    stores.apis.get(context, ApiId);

export const getApis =
  ({ stores }: ApiGatewayDependencies): ApiGatewayOperations['GetApis'] =>
  (input, context) =>
    page(stores.apis.list(context), input);
