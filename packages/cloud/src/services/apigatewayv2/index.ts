import * as sdk from '@aws-sdk/client-apigatewayv2';
import { defineService, type Service } from '../../kernel/service.ts';
import { authorize } from './authorize.ts';
import { Deployments } from './deployments.ts';
import { Gateway } from './http/gateway.ts';
import type { ApiGatewayDependencies } from './operation.ts';
import { createApi } from './operations/createApi.ts';
import { createDeployment } from './operations/createDeployment.ts';
import { createIntegration } from './operations/createIntegration.ts';
import { createRoute } from './operations/createRoute.ts';
import { createStage } from './operations/createStage.ts';
import { deleteApi } from './operations/deleteApi.ts';
import { deleteDeployment } from './operations/deleteDeployment.ts';
import { deleteIntegration } from './operations/deleteIntegration.ts';
import { deleteRoute } from './operations/deleteRoute.ts';
import { deleteStage } from './operations/deleteStage.ts';
import { getApi, getApis } from './operations/getApi.ts';
import { getDeployment, getDeployments } from './operations/getDeployment.ts';
import { getIntegration, getIntegrations } from './operations/getIntegration.ts';
import { getRoute, getRoutes } from './operations/getRoute.ts';
import { getStage, getStages } from './operations/getStage.ts';
import { importApi, reimportApi } from './operations/importApi.ts';
import { getTags, tagResource, untagResource } from './operations/tagResource.ts';
import { deleteCorsConfiguration, updateApi } from './operations/updateApi.ts';
import { updateDeployment } from './operations/updateDeployment.ts';
import { updateIntegration } from './operations/updateIntegration.ts';
import { updateRoute } from './operations/updateRoute.ts';
import { deleteAccessLogSettings, deleteRouteSettings, updateStage } from './operations/updateStage.ts';
import { resources } from './resources.ts';
import { Stores } from './stores/stores.ts';

/** Amazon API Gateway v2: HTTP APIs. */
export const apigatewayv2: Service<typeof sdk> = defineService<typeof sdk>({
  name: 'apigatewayv2',
  sdk,
  actions: 'apigateway',
  start: (environment) => {
    const { scheduler, random } = environment;
    const stores = new Stores(environment.store);
    const gateway = new Gateway(environment, stores);
    const deployments = new Deployments({ stores, gateway, scheduler, random });
    const dependencies: ApiGatewayDependencies = { ...environment, stores, gateway, deployments };
    return {
      operations: {
        CreateApi: createApi(dependencies),
        CreateDeployment: createDeployment(dependencies),
        CreateIntegration: createIntegration(dependencies),
        CreateRoute: createRoute(dependencies),
        CreateStage: createStage(dependencies),
        DeleteAccessLogSettings: deleteAccessLogSettings(dependencies),
        DeleteApi: deleteApi(dependencies),
        DeleteCorsConfiguration: deleteCorsConfiguration(dependencies),
        DeleteDeployment: deleteDeployment(dependencies),
        DeleteIntegration: deleteIntegration(dependencies),
        DeleteRoute: deleteRoute(dependencies),
        DeleteRouteSettings: deleteRouteSettings(dependencies),
        DeleteStage: deleteStage(dependencies),
        GetApi: getApi(dependencies),
        GetApis: getApis(dependencies),
        GetDeployment: getDeployment(dependencies),
        GetDeployments: getDeployments(dependencies),
        GetIntegration: getIntegration(dependencies),
        GetIntegrations: getIntegrations(dependencies),
        GetRoute: getRoute(dependencies),
        GetRoutes: getRoutes(dependencies),
        GetStage: getStage(dependencies),
        GetStages: getStages(dependencies),
        GetTags: getTags(dependencies),
        ImportApi: importApi(dependencies),
        ReimportApi: reimportApi(dependencies),
        TagResource: tagResource(dependencies),
        UntagResource: untagResource(dependencies),
        UpdateApi: updateApi(dependencies),
        UpdateDeployment: updateDeployment(dependencies),
        UpdateIntegration: updateIntegration(dependencies),
        UpdateRoute: updateRoute(dependencies),
        UpdateStage: updateStage(dependencies),
      },
      authorize,
      resources,
      resume: () => gateway.openAll(),
    };
  },
});
