import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';
import { page } from '../page.ts';

export const getRoute =
  ({ stores }: ApiGatewayDependencies): ApiGatewayOperations['GetRoute'] =>
  ({ ApiId = '', RouteId = '' }, context) => {
    stores.apis.get(context, ApiId);
    return stores.routes.get(ApiId, RouteId);
  };

export const getRoutes =
  ({ stores }: ApiGatewayDependencies): ApiGatewayOperations['GetRoutes'] =>
  ({ ApiId = '', ...input }, context) => {
    stores.apis.get(context, ApiId);
    return page(stores.routes.list(ApiId), input);
  };
