import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';
import { deploymentOutput } from '../stage.ts';

export const updateDeployment =
  ({ stores }: ApiGatewayDependencies): ApiGatewayOperations['UpdateDeployment'] =>
  ({ ApiId = '', DeploymentId = '', Description }, context) => {
    stores.apis.get(context, ApiId);
    const before = stores.deployments.get(ApiId, DeploymentId);
    const deployment = { ...before, Description: Description ?? before.Description };
    stores.deployments.put(ApiId, deployment);
    return deploymentOutput(deployment);
  };
