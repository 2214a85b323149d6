import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../cloud.ts';
import type { App } from '../../deploy/app.ts';

const CODE = `
exports.handler = async (event) => {
  switch (event.rawPath) {
    case '/throw': throw new Error('broken');
    case '/exit': process.exit(1);
    case '/binary': return { statusCode: 200, headers: { 'content-type': 'image/png' }, body: 'AAH/', isBase64Encoded: true };
    default: return { path: event.rawPath, id: event.pathParameters?.id, body: event.body };
  }
};`;

const TEMPLATE = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
      },
    },
    Worker: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { ZipFile: CODE },
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Runtime: 'nodejs22.x',
      },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: { Ref: 'Worker' },
        Principal: 'apigateway.amazonaws.com',
      },
    },
    Api: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: { Name: 'real', ProtocolType: 'HTTP', Target: { 'Fn::GetAtt': ['Worker', 'Arn'] } },
    },
    ById: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: 'PUT /orders/{id}',
        Target: { 'Fn::Sub': 'integrations/${Integration}' },
      },
    },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': ['Worker', 'Arn'] },
        PayloadFormatVersion: '2.0',
      },
    },
  },
  Outputs: { Url: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } } },
};

let folder: string;
let cloud: Cloud;
let app: App;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  await writeFile(join(folder, 'real.template.json'), JSON.stringify(TEMPLATE));
  cloud = await startCloud({ clock: 'virtual' });
  app = await cloud.deploy(join(folder, 'real.template.json'));
  url = app.outputs['Url'] ?? '';
});

afterAll(async () => {
  await cloud[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const INTERNAL = [500, '{"message":"Internal Server Error"}'];

describe('a function behind an HTTP API', () => {
  it('gets the event, and its answer goes back; the invocation follows from the request', async () => {
    const response = await fetch(`${url}/orders/7`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    });
    expect(await response.json()).toEqual({ path: '/orders/7', id: '7', body: '{"a":1}' });
    await cloud.settle();
    const request = cloud.trace.all().findLast(({ service }) => service === 'apigateway');
    expect(request).toMatchObject({ operation: 'PUT /orders/{id}', principal: 'anonymous', outcome: 'ok' });
    const caused = cloud.trace.all().filter(({ cause }) => cause === request?.id);
    expect(caused).toMatchObject([
      {
        service: 'lambda',
        operation: 'Invoke',
        principal: 'apigateway.amazonaws.com',
        resource: app.resource('Worker'),
      },
    ]);
  });

  it('answers bytes', async () => {
    const response = await fetch(`${url}/binary`);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 1, 255]);
  });

  it.each(['/throw', '/exit'])('that fails (%s) is an internal server error', async (path) => {
    const response = await fetch(url + path);
    expect([response.status, await response.text()]).toEqual(INTERNAL);
  });

  it('cannot get more than 6 MB', async () => {
    const response = await fetch(url, { method: 'POST', body: Buffer.alloc(5 * 1024 * 1024) });
    expect([response.status, await response.text()]).toEqual([413, '{"message":"Request Entity Too Large"}']);
  });
});
