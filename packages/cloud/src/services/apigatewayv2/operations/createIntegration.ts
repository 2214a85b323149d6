import { withDefaults } from '../integration.ts';
import { newId } from '../newId.ts';
import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';

export const createIntegration =
  ({ stores, random, deployments }: ApiGatewayDependencies): ApiGatewayOperations['CreateIntegration'] =>
  ({ ApiId = '', ...input }, context) => {
    stores.apis.get(context, ApiId);
    const key = `${ApiId}/integration/${input.IntegrationUri}`;
    const id = newId(random, key, 7, (taken) => stores.integrations.find(ApiId, taken) !== undefined);
    const integration = withDefaults(id, input);
    stores.integrations.put(ApiId, integration);
    deployments.changed(ApiId);
    return integration;
  };
