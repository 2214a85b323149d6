import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';
import { page } from '../page.ts';

export const getIntegration =
  ({ stores }: ApiGatewayDependencies): ApiGatewayOperations['GetIntegration'] =>
  ({ ApiId = '', IntegrationId = '' }, context) => {
    stores.apis.get(context, ApiId);
    return stores.integrations.get(ApiId, IntegrationId);
  };

export const getIntegrations =
  ({ stores }: ApiGatewayDependencies): ApiGatewayOperations['GetIntegrations'] =>
  ({ ApiId = '', ...input }, context) => {
    stores.apis.get(context, ApiId);
    return page(stores.integrations.list(ApiId), input);
  };
