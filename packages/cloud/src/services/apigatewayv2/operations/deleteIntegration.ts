import { conflict } from '../errors.ts';
import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';
import { integrationIdOf } from '../route.ts';

export const deleteIntegration =
  ({ stores, deployments }: ApiGatewayDependencies): ApiGatewayOperations['DeleteIntegration'] =>
  ({ ApiId = '', IntegrationId = '' }, context) => {
    stores.apis.get(context, ApiId);
    stores.integrations.get(ApiId, IntegrationId);
    const user = stores.routes.list(ApiId).find(({ Target }) => integrationIdOf(Target) === IntegrationId);
    if (user !== undefined) {
      throw conflict(`Cannot delete Integration '${IntegrationId}' that is referenced by a Route.`);
    }
    stores.integrations.remove(ApiId, IntegrationId);
    deployments.changed(ApiId);
    return {};
  };
