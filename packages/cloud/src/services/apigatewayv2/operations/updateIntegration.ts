import { type Integration, withDefaults } from '../integration.ts';
import { given, mergeObjects, mergeTexts } from '../merge.ts';
import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';

export const updateIntegration =
  ({ stores, deployments }: ApiGatewayDependencies): ApiGatewayOperations['UpdateIntegration'] =>
  ({ ApiId = '', IntegrationId = '', RequestParameters, ResponseParameters, ...changes }, context) => {
    stores.apis.get(context, ApiId);
    const { ApiGatewayManaged, ...before } = stores.integrations.get(ApiId, IntegrationId);
    const integration: Integration = withDefaults(IntegrationId, {
      ...before,
      ...given(changes),
      RequestParameters: mergeTexts(before.RequestParameters, RequestParameters),
      ResponseParameters: mergeObjects(before.ResponseParameters, ResponseParameters),
    });
    const kept = ApiGatewayManaged === undefined ? integration : { ...integration, ApiGatewayManaged };
    stores.integrations.put(ApiId, kept);
    deployments.changed(ApiId);
    return kept;
  };
