import * as sdk from '@aws-sdk/client-apigatewayv2';
import { defineService, type Service } from '../../kernel/service.ts';
import { managementArn } from './api.ts';
import { Deployments } from './deployments.ts';
import { Gateway } from './http/gateway.ts';
import type { ApiGatewayDependencies } from './operation.ts';
import { createApi } from './operations/createApi.ts';
import { createIntegration } from './operations/createIntegration.ts';
import { createRoute } from './operations/createRoute.ts';
import { createStage } from './operations/createStage.ts';
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
        CreateIntegration: createIntegration(dependencies),
        CreateRoute: createRoute(dependencies),
        CreateStage: createStage(dependencies),
      },
      authorize: {
        CreateApi: (_, context) => [{ action: 'apigateway:POST', resource: managementArn('apis', context) }],
      },
      resume: async () => {
        for (const { api, region } of stores.apis.all()) {
          await gateway.openApi(api.ApiId, region);
          for (const { StageName } of stores.stages.list(api.ApiId))
            await gateway.openStage(api.ApiId, region, StageName);
        }
      },
    };
  },
});
