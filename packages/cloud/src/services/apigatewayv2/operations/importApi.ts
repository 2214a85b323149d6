import { type Api, apiEndpointOf } from '../api.ts';
import { checkCors } from '../corsConfiguration.ts';
import { badRequest } from '../errors.ts';
import { withDefaults } from '../integration.ts';
import { newId } from '../newId.ts';
import { type ImportedApi, readOpenApi } from '../openApi.ts';
import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';
import type { Route } from '../route.ts';
import { checkRoute } from './createRoute.ts';

export const importApi =
  (dependencies: ApiGatewayDependencies): ApiGatewayOperations['ImportApi'] =>
  async ({ Body = '', Basepath }, context) => {
    const { stores, gateway, random, scheduler, store } = dependencies;
    const imported = readOpenApi(await parse(Body), Basepath?.toLowerCase());
    const { account, region } = context;
    const key = `${account}/${region}/${imported.name}`;
    const ApiId = newId(random, key, 10, (id) => stores.apis.find(id) !== undefined);
    const api: Api = {
      ApiEndpoint: apiEndpointOf(ApiId, region),
      ApiId,
      ApiKeySelectionExpression: '$request.header.x-api-key',
      CreatedDate: new Date(scheduler.now),
      DisableExecuteApiEndpoint: false,
      IpAddressType: 'ipv4',
      ProtocolType: 'HTTP',
      RouteSelectionExpression: '$request.method $request.path',
      ...describedBy(imported),
    };
    store.transaction(() => {
      stores.apis.put(context, api);
      replaceParts(dependencies, ApiId, imported);
    });
    await gateway.openApi(ApiId, region);
    return api;
  };

/** Puts what a document says in the place of an API's routes and integrations. Stages stay. */
export const reimportApi =
  (dependencies: ApiGatewayDependencies): ApiGatewayOperations['ReimportApi'] =>
  async ({ ApiId = '', Body = '', Basepath }, context) => {
    const { stores, store } = dependencies;
    const imported = readOpenApi(await parse(Body), Basepath?.toLowerCase());
    return store.transaction(() => {
      const { CorsConfiguration: _, ...before } = stores.apis.get(context, ApiId);
      const described = describedBy(imported);
      const api: Api = { ...before, ...described, Tags: { ...before.Tags, ...described.Tags } };
      stores.apis.put(context, api);
      replaceParts(dependencies, ApiId, imported);
      return api;
    });
  };

const describedBy = ({ name, version, description, cors, tags }: ImportedApi) => {
  checkCors(cors);
  return {
    Name: name,
    Tags: tags,
    ...(version === undefined ? {} : { Version: version }),
    ...(description === undefined ? {} : { Description: description }),
    ...(cors === undefined ? {} : { CorsConfiguration: cors }),
  };
};

function replaceParts(
  { stores, random, deployments }: ApiGatewayDependencies,
  apiId: string,
  { routes }: ImportedApi,
): void {
  stores.routes.clear(apiId);
  stores.integrations.clear(apiId);
  for (const { routeKey, operationName, integration } of routes) {
    const isTaken = (id: string): boolean => stores.integrations.find(apiId, id) !== undefined;
    const made =
      integration === undefined
        ? undefined
        : withDefaults(newId(random, `${apiId}/integration/${routeKey}`, 7, isTaken), integration);
    if (made !== undefined) stores.integrations.put(apiId, made);
    const route: Route = {
      ApiKeyRequired: false,
      AuthorizationType: 'NONE',
      OperationName: operationName,
      RouteId: newId(random, `${apiId}/route/${routeKey}`, 7, (id) => stores.routes.find(apiId, id) !== undefined),
      RouteKey: routeKey,
      Target: made === undefined ? undefined : `integrations/${made.IntegrationId}`,
    };
    checkRoute(stores, apiId, route);
    stores.routes.put(apiId, route);
  }
  deployments.changed(apiId);
}

/** JSON, or YAML. @throws BadRequestException */
async function parse(text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: YAML, or neither.
  }
  const yaml = await import('yaml');
  try {
    return yaml.parse(text);
  } catch (error) {
    throw badRequest(`Unable to parse API definition: ${error instanceof Error ? error.message : String(error)}`);
  }
}
