import { badRequest } from '../errors.ts';
import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';
import { deploymentOutput } from '../stage.ts';

export const createDeployment =
  ({ stores, gateway, deployments }: ApiGatewayDependencies): ApiGatewayOperations['CreateDeployment'] =>
  ({ ApiId = '', Description, StageName }, context) => {
    stores.apis.get(context, ApiId);
    const stage = StageName === undefined ? undefined : stores.stages.get(ApiId, StageName);
    if (stage?.AutoDeploy === true) {
      throw badRequest(`Deployment ID cannot be associated with Stage ${StageName} because AutoDeploy is enabled`);
    }
    const deployment = deployments.create(ApiId, Description);
    if (stage !== undefined) stores.stages.put(ApiId, { ...stage, DeploymentId: deployment.DeploymentId });
    gateway.changed(ApiId);
    return deploymentOutput(deployment);
  };
