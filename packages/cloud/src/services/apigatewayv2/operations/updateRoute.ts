import { given } from '../merge.ts';
import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';
import type { Route } from '../route.ts';
import { checkRoute } from './createRoute.ts';

export const updateRoute =
  ({ stores, deployments }: ApiGatewayDependencies): ApiGatewayOperations['UpdateRoute'] =>
  ({ ApiId = '', RouteId = '', ...changes }, context) => {
    stores.apis.get(context, ApiId);
    const before = stores.routes.get(ApiId, RouteId);
    const merged = { ...before, ...given(changes), RouteKey: changes.RouteKey ?? before.RouteKey };
    const route: Route = { ...merged, Target: merged.Target === '' ? undefined : merged.Target };
    checkRoute(stores, ApiId, route);
    stores.routes.put(ApiId, route);
    deployments.changed(ApiId);
    return route;
  };
