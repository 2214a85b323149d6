import { badRequest, conflict, unsupported } from '../errors.ts';
import { newId } from '../newId.ts';
import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';
import { integrationIdOf, parseRouteKey, type Route } from '../route.ts';
import type { Stores } from '../stores/stores.ts';

export const createRoute =
  ({ stores, random, deployments }: ApiGatewayDependencies): ApiGatewayOperations['CreateRoute'] =>
  ({ ApiId = '', ...input }, context) => {
    stores.apis.get(context, ApiId);
    const RouteKey = input.RouteKey ?? '';
    const route: Route = {
      ...input,
      ApiKeyRequired: input.ApiKeyRequired ?? false,
      AuthorizationType: input.AuthorizationType ?? 'NONE',
      RouteId: newId(random, `${ApiId}/route/${RouteKey}`, 7, (id) => stores.routes.find(ApiId, id) !== undefined),
      RouteKey,
    };
    checkRoute(stores, ApiId, route);
    stores.routes.put(ApiId, route);
    deployments.changed(ApiId);
    return route;
  };

/** @throws BadRequestException, ConflictException, or NotImplemented for what an HTTP API has but this cloud lacks */
export function checkRoute(stores: Stores, apiId: string, route: Route): void {
  const { RouteKey, RouteId, AuthorizationType = 'NONE', Target } = route;
  parseRouteKey(RouteKey);
  if (AuthorizationType !== 'NONE') {
    throw unsupported(
      `the authorization type ${AuthorizationType} of the route '${RouteKey}'`,
      "authorizers of HTTP APIs are not built yet, so only 'NONE' works",
    );
  }
  if (route.ApiKeyRequired === true) throw badRequest('ApiKeyRequired is not currently supported for HTTP APIs');
  if (stores.routes.list(apiId).some((other) => other.RouteKey === RouteKey && other.RouteId !== RouteId)) {
    throw conflict(`Route with key ${RouteKey} already exists for this API`);
  }
  if (Target === undefined) return;
  const integrationId = integrationIdOf(Target);
  if (integrationId === undefined)
    throw badRequest(`Invalid target ${Target}: it must be integrations/<integration id>`);
  if (stores.integrations.find(apiId, integrationId) === undefined) {
    throw badRequest(`Unable to find Integration with ID ${integrationId}`);
  }
}
