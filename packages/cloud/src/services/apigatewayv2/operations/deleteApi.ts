import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';

export const deleteApi =
  ({ stores, gateway }: ApiGatewayDependencies): ApiGatewayOperations['DeleteApi'] =>
  ({ ApiId = '' }, context) => {
    stores.apis.get(context, ApiId);
    const stages = stores.stages.list(ApiId);
    stores.removeApi(ApiId);
    gateway.changed(ApiId);
    const closing = [gateway.close(ApiId), ...stages.map(({ StageName }) => gateway.close(ApiId, StageName))];
    return Promise.all(closing).then(() => ({}));
  };
