import { badRequest } from '../errors.ts';
import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';

export const deleteDeployment =
  ({ stores }: ApiGatewayDependencies): ApiGatewayOperations['DeleteDeployment'] =>
  ({ ApiId = '', DeploymentId = '' }, context) => {
    stores.apis.get(context, ApiId);
    stores.deployments.get(ApiId, DeploymentId);
    if (stores.stages.list(ApiId).some((stage) => stage.DeploymentId === DeploymentId)) {
      throw badRequest('Active stages pointing to this deployment must be moved or deleted');
    }
    stores.deployments.remove(ApiId, DeploymentId);
    return {};
  };
