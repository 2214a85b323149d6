import { badRequest, conflict } from '../errors.ts';
import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';
import { DEFAULT_STAGE, type Stage } from '../stage.ts';

export const createStage =
  ({ stores, gateway, scheduler, deployments }: ApiGatewayDependencies): ApiGatewayOperations['CreateStage'] =>
  ({ ApiId = '', ...input }, context) => {
    stores.apis.get(context, ApiId);
    const { StageName = '', AutoDeploy = false, DeploymentId } = input;
    if (StageName !== DEFAULT_STAGE && !/^[\w-]{1,128}$/.test(StageName)) {
      throw badRequest('Stage name only allows a-zA-Z0-9_- and $default');
    }
    if (stores.stages.find(ApiId, StageName) !== undefined) throw conflict('Stage already exists');
    if (DeploymentId !== undefined) stores.deployments.get(ApiId, DeploymentId);
    const now = new Date(scheduler.now);
    const stage: Stage = {
      ...input,
      AutoDeploy,
      CreatedDate: now,
      DefaultRouteSettings: { DetailedMetricsEnabled: false, ...input.DefaultRouteSettings },
      LastUpdatedDate: now,
      RouteSettings: input.RouteSettings ?? {},
      StageName,
      StageVariables: input.StageVariables ?? {},
      Tags: input.Tags ?? {},
    };
    stores.stages.put(ApiId, stage);
    const deployed = AutoDeploy ? deployments.deployTo(ApiId, stage) : stage;
    gateway.changed(ApiId);
    return gateway.openStage(ApiId, context.region, StageName).then(() => deployed);
  };
