import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';
import { page } from '../page.ts';
import { deploymentOutput } from '../stage.ts';

export const getDeployment =
  ({ stores }: ApiGatewayDependencies): ApiGatewayOperations['GetDeployment'] =>
  ({ ApiId = '', DeploymentId = '' }, context) => {
    stores.apis.get(context, ApiId);
    return deploymentOutput(stores.deployments.get(ApiId, DeploymentId));
  };

export const getDeployments =
  ({ stores }: ApiGatewayDependencies): ApiGatewayOperations['GetDeployments'] =>
  ({ ApiId = '', ...input }, context) => {
    stores.apis.get(context, ApiId);
    return page(stores.deployments.list(ApiId).map(deploymentOutput), input);
  };
