import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';
import { page } from '../page.ts';

export const getStage =
  ({ stores }: ApiGatewayDependencies): ApiGatewayOperations['GetStage'] =>
  ({ ApiId = '', StageName = '' }, context) => {
    stores.apis.get(context, ApiId);
    return stores.stages.get(ApiId, StageName);
  };

export const getStages =
  ({ stores }: ApiGatewayDependencies): ApiGatewayOperations['GetStages'] =>
  ({ ApiId = '', ...input }, context) => {
    stores.apis.get(context, ApiId);
    return page(stores.stages.list(ApiId), input);
  };
