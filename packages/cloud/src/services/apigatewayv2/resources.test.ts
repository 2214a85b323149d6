import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiGatewayV2Client, GetApiCommand, GetStageCommand } from '@aws-sdk/client-apigatewayv2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../cloud.ts';

let folder: string;
let legacy: Server;
let legacyUrl: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  legacy = createServer((request, response) => void response.end(`${request.method} ${request.url}`));
  const { promise, resolve } = Promise.withResolvers<void>();
  legacy.listen(0, '127.0.0.1', resolve);
  await promise;
  legacyUrl = `http://127.0.0.1:${(legacy.address() as AddressInfo).port}`; // it listens on TCP
});

afterAll(async () => {
  legacy.closeAllConnections();
  legacy.close();
  await rm(folder, { recursive: true });
});

const Outputs = {
  Url: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } },
  Id: { Value: { Ref: 'Api' } },
};

/** An API as the CDK writes it. */
const template = (path: string, { stage = {}, api = {}, route = {} } = {}) => ({
  Resources: {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'shop', ProtocolType: 'HTTP', ...api } },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true, ...stage },
    },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'HTTP_PROXY',
        IntegrationMethod: 'ANY',
        IntegrationUri: legacyUrl,
        PayloadFormatVersion: '1.0',
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: `GET ${path}`,
        AuthorizationType: 'NONE',
        Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
        ...route,
      },
    },
  },
  Outputs,
});

const deploy = async (cloud: Cloud, body: object) => {
  const file = join(folder, 'shop.template.json');
  await writeFile(file, JSON.stringify(body));
  return cloud.deploy(file);
};

describe('the resource types', () => {
  it('make an API whose address in outputs is the local one, change it and delete it', async () => {
    await using cloud = await startCloud();
    const client = cloud.client(ApiGatewayV2Client);
    const app = await deploy(cloud, template('/a', { api: { Tags: { team: 'shop' } } }));
    const { Url = '', Id: ApiId } = app.outputs;
    expect(Url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(app.ignored).toEqual([]);
    expect(await (await fetch(`${Url}/a`)).text()).toBe('GET /');
    expect(await client.send(new GetApiCommand({ ApiId }))).toMatchObject({ Tags: { team: 'shop' } });

    const changed = await deploy(
      cloud,
      template('/b', { stage: { StageVariables: { a: '1' } }, api: { CorsConfiguration: { AllowOrigins: ['*'] } } }),
    );
    expect(changed.outputs).toEqual(app.outputs);
    expect([(await fetch(`${Url}/a`)).status, (await fetch(`${Url}/b`)).status]).toEqual([404, 200]);
    expect(await client.send(new GetApiCommand({ ApiId }))).toMatchObject({
      CorsConfiguration: { AllowOrigins: ['*'] },
      Tags: {},
    });
    const stage = await client.send(new GetStageCommand({ ApiId, StageName: '$default' }));
    expect(stage.StageVariables).toEqual({ a: '1' });
    expect(
      (
        await deploy(
          cloud,
          template('/b', {
            stage: { StageVariables: { a: '1' } },
            api: { CorsConfiguration: { AllowOrigins: ['*'] } },
          }),
        )
      ).changed,
    ).toBe(false);

    const plain = await deploy(cloud, template('/b'));
    expect((await client.send(new GetApiCommand({ ApiId }))).CorsConfiguration).toBeUndefined();
    expect((await client.send(new GetStageCommand({ ApiId, StageName: '$default' }))).StageVariables).toEqual({});
    await plain.delete();
    await expect(fetch(Url)).rejects.toThrow();
    client.destroy();
  });

  it('serve a named stage that was deployed explicitly', async () => {
    await using cloud = await startCloud();
    const body = template('/a', {
      stage: { StageName: 'prod', AutoDeploy: 'false', DeploymentId: { Ref: 'Deployment' } },
    });
    const app = await deploy(cloud, {
      Resources: {
        ...body.Resources,
        Deployment: {
          Type: 'AWS::ApiGatewayV2::Deployment',
          DependsOn: 'Route',
          Properties: { ApiId: { Ref: 'Api' } },
        },
      },
      Outputs: {
        Url: { Value: { 'Fn::Sub': 'https://${Api}.execute-api.${AWS::Region}.amazonaws.com/${Stage}/' } },
      },
    });
    expect(app.outputs['Url']).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect((await fetch(`${app.outputs['Url']}a`)).status).toBe(200);
  });

  it('take a target or an OpenAPI body', async () => {
    await using cloud = await startCloud();
    const integration = {
      type: 'http_proxy',
      httpMethod: 'ANY',
      uri: `${legacyUrl}/{id}`,
      payloadFormatVersion: '1.0',
    };
    const app = await deploy(cloud, {
      Resources: {
        Api: {
          Type: 'AWS::ApiGatewayV2::Api',
          Properties: { Name: 'quick', ProtocolType: 'HTTP', Target: legacyUrl },
        },
        Documented: {
          Type: 'AWS::ApiGatewayV2::Api',
          Properties: {
            Body: {
              openapi: '3.0.1',
              info: { title: 'documented' },
              paths: { '/pets/{id}': { get: { 'x-amazon-apigateway-integration': integration } } },
            },
          },
        },
        Stage: {
          Type: 'AWS::ApiGatewayV2::Stage',
          Properties: { ApiId: { Ref: 'Documented' }, StageName: '$default', AutoDeploy: 'true' },
        },
      },
      Outputs: { ...Outputs, Documented: { Value: { 'Fn::GetAtt': ['Documented', 'ApiEndpoint'] } } },
    });
    expect(await (await fetch(`${app.outputs['Url']}/x/y`)).text()).toBe('GET /x/y');
    expect(await (await fetch(`${app.outputs['Documented']}/pets/7`)).text()).toBe('GET /7');
  });

  it('stop the deploy where a route has an authorizer', async () => {
    await using cloud = await startCloud();
    await expect(deploy(cloud, template('/a', { route: { AuthorizationType: 'AWS_IAM' } }))).rejects.toThrow(
      /Route \(AWS::ApiGatewayV2::Route\): NotImplemented: Skein does not support the authorization type AWS_IAM of the route 'GET \/a'/,
    );
  });
});

it('an API keeps its addresses when the cloud starts again', async () => {
  const state = join(folder, 'state');
  let url: string | undefined;
  {
    await using cloud = await startCloud({ folder: state });
    url = (await deploy(cloud, template('/a'))).outputs['Url'];
  }
  await expect(fetch(`${url}/a`)).rejects.toThrow();
  await using _ = await startCloud({ folder: state });
  expect((await fetch(`${url}/a`)).status).toBe(200);
});
