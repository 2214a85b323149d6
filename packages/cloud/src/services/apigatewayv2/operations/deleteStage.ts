import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';

export const deleteStage =
  ({ stores, gateway }: ApiGatewayDependencies): ApiGatewayOperations['DeleteStage'] =>
  ({ ApiId = '', StageName = '' }, context) => {
    stores.apis.get(context, ApiId);
    const { AutoDeploy, DeploymentId } = stores.stages.get(ApiId, StageName);
    stores.stages.remove(ApiId, StageName);
    if (AutoDeploy && DeploymentId !== undefined) stores.deployments.remove(ApiId, DeploymentId);
    gateway.changed(ApiId);
    return gateway.close(ApiId, StageName).then(() => ({}));
  };
