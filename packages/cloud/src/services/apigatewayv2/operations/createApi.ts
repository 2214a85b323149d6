import { type Api, apiEndpointOf } from '../api.ts';
import { checkCors } from '../corsConfiguration.ts';
import { badRequest, unsupported } from '../errors.ts';
import { functionArnOf, withDefaults } from '../integration.ts';
import { newId } from '../newId.ts';
import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';
import { DEFAULT_ROUTE, parseRouteKey } from '../route.ts';
import { DEFAULT_STAGE } from '../stage.ts';

export const createApi =
  (dependencies: ApiGatewayDependencies): ApiGatewayOperations['CreateApi'] =>
  (input, context) => {
    const { stores, gateway, random, scheduler } = dependencies;
    const { Name = '', ProtocolType, CorsConfiguration, Description, Tags = {}, Version, Target } = input;
    if (ProtocolType === 'WEBSOCKET') throw unsupported('WebSocket APIs', 'use an HTTP API');
    if (ProtocolType !== 'HTTP') throw badRequest('Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]');
    if (Name === '' || Name.length > 128) throw badRequest('Name must be between 1 and 128 characters in length');
    checkCors(CorsConfiguration);
    const { account, region } = context;
    const ApiId = newId(random, `${account}/${region}/${Name}`, 10, (id) => stores.apis.find(id) !== undefined);
    const api: Api = {
      ApiEndpoint: apiEndpointOf(ApiId, region),
      ApiId,
      ApiKeySelectionExpression: input.ApiKeySelectionExpression ?? '$request.header.x-api-key',
      CorsConfiguration,
      CreatedDate: new Date(scheduler.now),
      Description,
      DisableExecuteApiEndpoint: input.DisableExecuteApiEndpoint ?? false,
      IpAddressType: input.IpAddressType ?? 'ipv4',
      Name,
      ProtocolType,
      RouteSelectionExpression: input.RouteSelectionExpression ?? '$request.method $request.path',
      Tags,
      Version,
    };
    stores.apis.put(context, api);
    if (Target !== undefined) quickCreate(dependencies, ApiId, Target, input);
    return gateway.openApi(ApiId, region).then(() => api);
  };

/** A route, its integration and a stage that deploys by itself, in one step. AWS marks them as its own. */
function quickCreate(
  { stores, random, scheduler, deployments }: ApiGatewayDependencies,
  apiId: string,
  target: string,
  { RouteKey = DEFAULT_ROUTE, CredentialsArn }: { RouteKey?: string | undefined; CredentialsArn?: string | undefined },
): void {
  parseRouteKey(RouteKey);
  const isFunction = functionArnOf(target) !== undefined;
  const integration = withDefaults(
    newId(random, `${apiId}/integration`, 7, () => false),
    {
      CredentialsArn,
      IntegrationMethod: isFunction ? 'POST' : 'ANY',
      IntegrationType: isFunction ? 'AWS_PROXY' : 'HTTP_PROXY',
      IntegrationUri: target,
      PayloadFormatVersion: isFunction ? '2.0' : '1.0',
    },
  );
  stores.integrations.put(apiId, { ...integration, ApiGatewayManaged: true });
  stores.routes.put(apiId, {
    ApiGatewayManaged: true,
    ApiKeyRequired: false,
    AuthorizationType: 'NONE',
    RouteId: newId(random, `${apiId}/route`, 7, () => false),
    RouteKey,
    Target: `integrations/${integration.IntegrationId}`,
  });
  deployments.deployTo(apiId, {
    ApiGatewayManaged: true,
    AutoDeploy: true,
    CreatedDate: new Date(scheduler.now),
    DefaultRouteSettings: { DetailedMetricsEnabled: false },
    RouteSettings: {},
    StageName: DEFAULT_STAGE,
    StageVariables: {},
    Tags: {},
  });
}
