import { given, mergeObjects, mergeTexts } from '../merge.ts';
import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';
import type { Stage } from '../stage.ts';

export const updateStage =
  ({ stores, scheduler, gateway, deployments }: ApiGatewayDependencies): ApiGatewayOperations['UpdateStage'] =>
  ({ ApiId = '', StageName = '', StageVariables, RouteSettings, DefaultRouteSettings, ...changes }, context) => {
    stores.apis.get(context, ApiId);
    const before = stores.stages.get(ApiId, StageName);
    const stage: Stage = {
      ...before,
      ...given(changes),
      AutoDeploy: changes.AutoDeploy ?? before.AutoDeploy,
      DefaultRouteSettings: { ...before.DefaultRouteSettings, ...DefaultRouteSettings },
      LastUpdatedDate: new Date(scheduler.now),
      RouteSettings: mergeObjects(before.RouteSettings, RouteSettings),
      StageVariables: mergeTexts(before.StageVariables, StageVariables),
    };
    if (changes.DeploymentId !== undefined && changes.DeploymentId !== before.DeploymentId) {
      stores.deployments.get(ApiId, changes.DeploymentId);
    }
    stores.stages.put(ApiId, stage);
    if (before.AutoDeploy && !stage.AutoDeploy) deployments.freeze(ApiId, stage);
    const deployed = !before.AutoDeploy && stage.AutoDeploy ? deployments.deployTo(ApiId, stage) : stage;
    gateway.changed(ApiId);
    return deployed;
  };

/** Takes the settings of one route away; those of the stage hold for it again. */
export const deleteRouteSettings =
  ({ stores, gateway }: ApiGatewayDependencies): ApiGatewayOperations['DeleteRouteSettings'] =>
  ({ ApiId = '', StageName = '', RouteKey = '' }, context) => {
    stores.apis.get(context, ApiId);
    const stage = stores.stages.get(ApiId, StageName);
    const { [RouteKey]: _, ...RouteSettings } = stage.RouteSettings ?? {};
    stores.stages.put(ApiId, { ...stage, RouteSettings });
    gateway.changed(ApiId);
    return {};
  };

export const deleteAccessLogSettings =
  ({ stores }: ApiGatewayDependencies): ApiGatewayOperations['DeleteAccessLogSettings'] =>
  ({ ApiId = '', StageName = '' }, context) => {
    stores.apis.get(context, ApiId);
    const { AccessLogSettings: _, ...stage } = stores.stages.get(ApiId, StageName);
    stores.stages.put(ApiId, stage);
    return {};
  };
