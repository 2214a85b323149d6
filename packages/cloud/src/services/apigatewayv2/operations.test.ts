import {
  ApiGatewayV2Client,
  CreateApiCommand,
  type CreateApiCommandInput,
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateStageCommand,
  DeleteApiCommand,
  DeleteDeploymentCommand,
  DeleteIntegrationCommand,
  DeleteRouteCommand,
  DeleteStageCommand,
  GetApiCommand,
  GetApisCommand,
  GetDeploymentCommand,
  GetDeploymentsCommand,
  GetIntegrationCommand,
  GetIntegrationsCommand,
  GetRouteCommand,
  GetRoutesCommand,
  GetStageCommand,
  GetStagesCommand,
  GetTagsCommand,
  ImportApiCommand,
  ReimportApiCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApiCommand,
  UpdateIntegrationCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../cloud.ts';

const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:worker';
const NOW = new Date('2026-03-01T12:00:00Z');

let cloud: Cloud;
let client: ApiGatewayV2Client;
let ApiId: string | undefined;

beforeAll(async () => {
  cloud = await startCloud({ clock: 'virtual', now: NOW });
  client = cloud.client(ApiGatewayV2Client);
});

afterAll(async () => {
  client.destroy();
  await cloud[Symbol.asyncDispose]();
});

beforeEach(async () => {
  ({ ApiId } = await createApi());
});

const createApi = (input: Partial<CreateApiCommandInput> = {}) =>
  client.send(new CreateApiCommand({ Name: 'orders', ProtocolType: 'HTTP', ...input }));

const createIntegration = (input: Partial<CreateIntegrationCommandInput> = {}) =>
  client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: FUNCTION_ARN,
      PayloadFormatVersion: '2.0',
      ...input,
    }),
  );

const createRoute = (input: Partial<CreateRouteCommandInput> = {}) =>
  client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /orders', ...input }));

const failure = (name: string, message: string | RegExp) =>
  expect.objectContaining({
    name,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });

describe('APIs', () => {
  it('are made with the defaults of AWS', async () => {
    const { $metadata: _, ...api } = await createApi({ Tags: { team: 'shop' }, Description: 'all orders' });
    expect(api).toEqual({
      ApiEndpoint: `https://${api.ApiId}.execute-api.us-east-1.amazonaws.com`,
      ApiId: expect.stringMatching(/^[a-z0-9]{10}$/),
      ApiKeySelectionExpression: '$request.header.x-api-key',
      CreatedDate: NOW,
      Description: 'all orders',
      DisableExecuteApiEndpoint: false,
      IpAddressType: 'ipv4',
      Name: 'orders',
      ProtocolType: 'HTTP',
      RouteSelectionExpression: '$request.method $request.path',
      Tags: { team: 'shop' },
    });
    const { $metadata: __, ...found } = await client.send(new GetApiCommand({ ApiId: api.ApiId }));
    expect(found).toEqual(api);
  });

  it('are made whole by quick create', async () => {
    const quick = await createApi({ Target: FUNCTION_ARN, RouteKey: 'GET /quick' });
    const { Items: [route] = [] } = await client.send(new GetRoutesCommand({ ApiId: quick.ApiId }));
    const { Items: [integration] = [] } = await client.send(new GetIntegrationsCommand({ ApiId: quick.ApiId }));
    const { Items: [stage] = [] } = await client.send(new GetStagesCommand({ ApiId: quick.ApiId }));
    expect(route).toMatchObject({
      ApiGatewayManaged: true,
      RouteKey: 'GET /quick',
      Target: `integrations/${integration?.IntegrationId}`,
    });
    expect(integration).toMatchObject({
      ApiGatewayManaged: true,
      IntegrationType: 'AWS_PROXY',
      PayloadFormatVersion: '2.0',
      TimeoutInMillis: 30_000,
    });
    expect(stage).toMatchObject({ ApiGatewayManaged: true, AutoDeploy: true, StageName: '$default' });
  });

  it('are listed page by page, and belong to an account and a region', async () => {
    const other = new ApiGatewayV2Client({ ...cloud.clientConfiguration, region: 'eu-west-1' });
    for (const Name of ['a', 'b', 'c']) await other.send(new CreateApiCommand({ Name, ProtocolType: 'HTTP' }));
    const first = await other.send(new GetApisCommand({ MaxResults: '2' }));
    const second = await other.send(new GetApisCommand({ MaxResults: '2', NextToken: first.NextToken }));
    expect([first, second].map(({ Items = [] }) => Items.map(({ Name }) => Name))).toEqual([['a', 'b'], ['c']]);
    expect(second.NextToken).toBeUndefined();
    await expect(client.send(new GetApiCommand({ ApiId: first.Items?.[0]?.ApiId }))).rejects.toThrow(
      failure('NotFoundException', `Invalid API identifier specified 000000000000:${first.Items?.[0]?.ApiId}`),
    );
    other.destroy();
  });

  it('change what is given and keep the rest', async () => {
    await client.send(new UpdateApiCommand({ ApiId, Description: 'new', CorsConfiguration: { AllowOrigins: ['*'] } }));
    expect(await client.send(new UpdateApiCommand({ ApiId, Name: 'renamed' }))).toMatchObject({
      Name: 'renamed',
      Description: 'new',
      CorsConfiguration: { AllowOrigins: ['*'] },
    });
  });

  it('carry tags, as stages do', async () => {
    await client.send(new CreateStageCommand({ ApiId, StageName: '$default', Tags: { a: '1' } }));
    for (const part of ['', '/stages/$default']) {
      const ResourceArn = `arn:aws:apigateway:us-east-1::/apis/${ApiId}${part}`;
      await client.send(new TagResourceCommand({ ResourceArn, Tags: { a: '2', b: '3' } }));
      await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['a'] }));
      expect((await client.send(new GetTagsCommand({ ResourceArn }))).Tags).toEqual({ b: '3' });
    }
    expect((await client.send(new GetApiCommand({ ApiId }))).Tags).toEqual({ b: '3' });
  });

  it('go with all that they have', async () => {
    await createRoute();
    await client.send(new DeleteApiCommand({ ApiId }));
    await expect(client.send(new GetRoutesCommand({ ApiId }))).rejects.toThrow(
      failure('NotFoundException', /Invalid API/),
    );
    await expect(client.send(new DeleteApiCommand({ ApiId }))).rejects.toThrow(
      failure('NotFoundException', /Invalid API/),
    );
  });

  it.each([
    [{ ProtocolType: 'WEBSOCKET' as const }, 'NotImplemented', /WebSocket/],
    [{ Name: '' }, 'BadRequestException', /Name/],
    [{ CorsConfiguration: { AllowMethods: ['ANY'] } }, 'BadRequestException', 'Method ANY is not supported'],
    [{ CorsConfiguration: { AllowOrigins: ['*'], AllowCredentials: true } }, 'BadRequestException', /wildcard/],
    [{ Target: 'nonsense' }, 'BadRequestException', /Invalid HTTP endpoint/],
    [{ Target: FUNCTION_ARN, RouteKey: 'nonsense' }, 'BadRequestException', /route key is not formatted properly/],
  ])('refuse %j', async (input, name, message) => {
    await expect(createApi(input)).rejects.toThrow(failure(name, message));
    const { Items = [] } = await client.send(new GetApisCommand({}));
    expect(Items.filter(({ Name }) => Name !== 'orders' && Name !== 'renamed')).toEqual([]);
  });
});

describe('routes and integrations', () => {
  it('are made, found, changed and deleted', async () => {
    const { IntegrationId } = await createIntegration({
      RequestParameters: { 'append:header.a': '1', 'append:header.b': '2' },
    });
    const { RouteId } = await createRoute({ Target: `integrations/${IntegrationId}`, OperationName: 'list' });
    expect(await client.send(new GetRouteCommand({ ApiId, RouteId }))).toMatchObject({
      ApiKeyRequired: false,
      AuthorizationType: 'NONE',
      OperationName: 'list',
      RouteKey: 'GET /orders',
    });
    const RequestParameters = { 'append:header.a': '', 'append:header.c': '3' };
    await client.send(new UpdateIntegrationCommand({ ApiId, IntegrationId, TimeoutInMillis: 500, RequestParameters }));
    expect(await client.send(new GetIntegrationCommand({ ApiId, IntegrationId }))).toMatchObject({
      ConnectionType: 'INTERNET',
      IntegrationMethod: 'POST',
      RequestParameters: { 'append:header.b': '2', 'append:header.c': '3' },
      TimeoutInMillis: 500,
    });
    await expect(client.send(new DeleteIntegrationCommand({ ApiId, IntegrationId }))).rejects.toThrow(
      failure('ConflictException', `Cannot delete Integration '${IntegrationId}' that is referenced by a Route.`),
    );
    await client.send(new DeleteRouteCommand({ ApiId, RouteId }));
    await client.send(new DeleteIntegrationCommand({ ApiId, IntegrationId }));
    expect((await client.send(new GetRoutesCommand({ ApiId }))).Items).toEqual([]);
    expect((await client.send(new GetIntegrationsCommand({ ApiId }))).Items).toEqual([]);
  });

  it.each([
    [{ RouteKey: 'orders' }, 'BadRequestException', /route key is not formatted properly/],
    [{ RouteKey: 'GET /orders/' }, 'BadRequestException', /route key is not formatted properly/],
    [{ RouteKey: 'GET /{a+}/b' }, 'BadRequestException', /route key is not formatted properly/],
    [{ RouteKey: 'TRACE /orders' }, 'BadRequestException', /route key is not formatted properly/],
    [{ AuthorizationType: 'JWT' as const }, 'NotImplemented', /authorization type JWT of the route 'GET \/orders'/],
    [{ AuthorizationType: 'AWS_IAM' as const }, 'NotImplemented', /AWS_IAM/],
    [{ Target: 'integrations/nothing' }, 'BadRequestException', /nothing/],
  ])('refuse the route %j', async (input, name, message) => {
    await expect(createRoute(input)).rejects.toThrow(failure(name, message));
  });

  it('refuse a second route of one key', async () => {
    await createRoute();
    await expect(createRoute()).rejects.toThrow(
      failure('ConflictException', 'Route with key GET /orders already exists for this API'),
    );
  });

  it.each([
    [{ IntegrationSubtype: 'SQS-SendMessage' }, 'NotImplemented', /SQS-SendMessage/],
    [{ IntegrationType: 'MOCK' as const }, 'BadRequestException', /MOCK/],
    [{ IntegrationUri: 'arn:aws:sqs:us-east-1:000000000000:queue' }, 'BadRequestException', /Invalid function ARN/],
    [{ TimeoutInMillis: 49 }, 'BadRequestException', /between 50 and 30000/],
    [{ TimeoutInMillis: 30_001 }, 'BadRequestException', /between 50 and 30000/],
    [{ PayloadFormatVersion: '3.0' }, 'BadRequestException', /3\.0/],
  ])('refuse the integration %j', async (input, name, message) => {
    await expect(createIntegration(input)).rejects.toThrow(failure(name, message));
  });

  it('refuse authorizers by name', async () => {
    const authorizer = {
      ApiId,
      Name: 'a',
      AuthorizerType: 'JWT' as const,
      IdentitySource: ['$request.header.Authorization'],
    };
    await expect(client.send(new CreateAuthorizerCommand(authorizer))).rejects.toThrow(
      failure('NotImplemented', /apigatewayv2:CreateAuthorizer/),
    );
  });
});

describe('stages and deployments', () => {
  it('are made, found, changed and deleted', async () => {
    await createRoute();
    const { DeploymentId } = await client.send(new CreateDeploymentCommand({ ApiId, Description: 'first' }));
    await client.send(
      new CreateStageCommand({ ApiId, StageName: 'prod', DeploymentId, StageVariables: { a: '1', b: '2' } }),
    );
    const changes = { StageVariables: { a: '', c: '3' }, Description: 'live' };
    await client.send(new UpdateStageCommand({ ApiId, StageName: 'prod', ...changes }));
    expect(await client.send(new GetStageCommand({ ApiId, StageName: 'prod' }))).toMatchObject({
      AutoDeploy: false,
      CreatedDate: NOW,
      DefaultRouteSettings: { DetailedMetricsEnabled: false },
      DeploymentId,
      Description: 'live',
      StageVariables: { b: '2', c: '3' },
    });
    expect(await client.send(new GetDeploymentCommand({ ApiId, DeploymentId }))).toMatchObject({
      AutoDeployed: false,
      DeploymentStatus: 'DEPLOYED',
      Description: 'first',
    });
    await expect(client.send(new DeleteDeploymentCommand({ ApiId, DeploymentId }))).rejects.toThrow(
      failure('BadRequestException', /Active stages/),
    );
    await client.send(new DeleteStageCommand({ ApiId, StageName: 'prod' }));
    await client.send(new DeleteDeploymentCommand({ ApiId, DeploymentId }));
    expect((await client.send(new GetDeploymentsCommand({ ApiId }))).Items).toEqual([]);
  });

  it('deploy by themselves at each change, and keep one deployment', async () => {
    const before = await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
    await createRoute();
    const after = await client.send(new GetStageCommand({ ApiId, StageName: '$default' }));
    expect(after.DeploymentId).not.toBe(before.DeploymentId);
    const { Items } = await client.send(new GetDeploymentsCommand({ ApiId }));
    expect(Items).toMatchObject([{ AutoDeployed: true, DeploymentId: after.DeploymentId }]);
  });

  it('refuse what cannot be', async () => {
    await expect(client.send(new CreateDeploymentCommand({ ApiId }))).rejects.toThrow(
      failure('BadRequestException', 'At least one route is required before creating the Deployment.'),
    );
    await expect(client.send(new CreateStageCommand({ ApiId, StageName: 'a b' }))).rejects.toThrow(
      failure('BadRequestException', /Stage name/),
    );
    await client.send(new CreateStageCommand({ ApiId, StageName: 'a' }));
    await expect(client.send(new CreateStageCommand({ ApiId, StageName: 'a' }))).rejects.toThrow(
      failure('ConflictException', 'Stage already exists'),
    );
    await expect(client.send(new GetStageCommand({ ApiId, StageName: 'b' }))).rejects.toThrow(
      failure('NotFoundException', /Invalid Stage identifier/),
    );
  });
});

describe('OpenAPI', () => {
  const document = (path: string) => ({
    openapi: '3.0.1',
    info: { title: 'imported', version: '7' },
    tags: [{ name: 'made-by', 'x-amazon-apigateway-tag-value': 'test' }, { name: 'for readers' }],
    paths: {
      [path]: {
        get: {
          operationId: 'list',
          'x-amazon-apigateway-integration': { $ref: '#/components/x-amazon-apigateway-integrations/worker' },
        },
      },
      '/$default': {
        'x-amazon-apigateway-any-method': {
          isDefaultRoute: true,
          'x-amazon-apigateway-integration': { type: 'http_proxy', httpMethod: 'ANY', uri: 'http://127.0.0.1:1' },
        },
      },
    },
    components: {
      'x-amazon-apigateway-integrations': {
        worker: { type: 'aws_proxy', httpMethod: 'POST', uri: FUNCTION_ARN, payloadFormatVersion: '2.0' },
      },
    },
    'x-amazon-apigateway-cors': { allowOrigins: ['*'], allowMethods: 'GET', maxAge: 5 },
  });
  const keysOf = async (id: string | undefined) =>
    (await client.send(new GetRoutesCommand({ ApiId: id }))).Items?.map(({ RouteKey }) => RouteKey);

  it('makes an API, and changes it', async () => {
    const imported = await client.send(new ImportApiCommand({ Body: JSON.stringify(document('/a')) }));
    expect(imported).toMatchObject({
      Name: 'imported',
      Version: '7',
      Tags: { 'made-by': 'test' },
      CorsConfiguration: { AllowOrigins: ['*'], AllowMethods: ['GET'], MaxAge: 5 },
    });
    expect(await keysOf(imported.ApiId)).toEqual(['GET /a', '$default']);
    await client.send(new ReimportApiCommand({ ApiId: imported.ApiId, Body: JSON.stringify(document('/b')) }));
    expect(await keysOf(imported.ApiId)).toEqual(['GET /b', '$default']);
    const { Items = [] } = await client.send(new GetIntegrationsCommand({ ApiId: imported.ApiId }));
    expect(Items.map(({ IntegrationType }) => IntegrationType)).toEqual(['AWS_PROXY', 'HTTP_PROXY']);
  });

  it('may be YAML, with a base path', async () => {
    const Body = 'openapi: 3.0.1\ninfo: { title: y }\nservers: [{ url: /v1 }]\npaths:\n  /a:\n    get: {}\n';
    const { ApiId: id } = await client.send(new ImportApiCommand({ Body, Basepath: 'prepend' }));
    expect(await keysOf(id)).toEqual(['GET /v1/a']);
  });

  it.each([
    ['{"swagger":"2.0"}', 'BadRequestException', /OpenAPI 3.0/],
    ['a: [', 'BadRequestException', /Unable to parse/],
    [
      '{"openapi":"3.0.1","info":{"title":"x"},"paths":{"/a":{"get":{"security":[{"jwt":[]}]}}}}',
      'NotImplemented',
      /authorizer of the route 'GET \/a'/,
    ],
  ])('is refused when it is %s', async (Body, name, message) => {
    await expect(client.send(new ImportApiCommand({ Body }))).rejects.toThrow(failure(name, message));
  });
});
