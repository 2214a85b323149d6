import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';

export const deleteRoute =
  ({ stores, deployments }: ApiGatewayDependencies): ApiGatewayOperations['DeleteRoute'] =>
  ({ ApiId = '', RouteId = '' }, context) => {
    stores.apis.get(context, ApiId);
    stores.routes.get(ApiId, RouteId);
    stores.routes.remove(ApiId, RouteId);
    deployments.changed(ApiId);
    return {};
  };
