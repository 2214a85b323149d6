import type { Api } from '../api.ts';
import { checkCors } from '../corsConfiguration.ts';
import { badRequest } from '../errors.ts';
import { withDefaults } from '../integration.ts';
import { given } from '../merge.ts';
import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';
import { parseRouteKey } from '../route.ts';

export const updateApi =
  ({ stores, deployments }: ApiGatewayDependencies): ApiGatewayOperations['UpdateApi'] =>
  ({ ApiId = '', Target, RouteKey, CredentialsArn, ...changes }, context) => {
    const before = stores.apis.get(context, ApiId);
    checkCors(changes.CorsConfiguration);
    const api: Api = { ...before, ...given(changes) };
    if (api.Name === '') throw badRequest('Name must be between 1 and 128 characters in length');
    stores.apis.put(context, api);
    const route = stores.routes.list(ApiId).find(({ ApiGatewayManaged }) => ApiGatewayManaged === true);
    const managed = stores.integrations.list(ApiId).find(({ ApiGatewayManaged }) => ApiGatewayManaged === true);
    if (Target !== undefined || CredentialsArn !== undefined) {
      if (managed === undefined) throw badRequest('Target can only be updated on an API that was made by quick create');
      const changed = { ...managed, ...given({ IntegrationUri: Target, CredentialsArn }) };
      stores.integrations.put(ApiId, { ...withDefaults(managed.IntegrationId, changed), ApiGatewayManaged: true });
    }
    if (RouteKey !== undefined) {
      if (route === undefined) throw badRequest('RouteKey can only be updated on an API that was made by quick create');
      parseRouteKey(RouteKey);
      stores.routes.put(ApiId, { ...route, RouteKey });
    }
    deployments.changed(ApiId);
    return api;
  };

export const deleteCorsConfiguration =
  ({ stores, deployments }: ApiGatewayDependencies): ApiGatewayOperations['DeleteCorsConfiguration'] =>
  ({ ApiId = '' }, context) => {
    const { CorsConfiguration: _, ...api } = stores.apis.get(context, ApiId);
    stores.apis.put(context, api);
    deployments.changed(ApiId);
    return {};
  };
