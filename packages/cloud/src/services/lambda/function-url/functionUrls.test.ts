import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARN, type LambdaCloud, startLambda } from '../test/lambda.ts';

let tested: LambdaCloud;
beforeAll(async () => {
  tested = await startLambda();
});
afterAll(() => tested[Symbol.asyncDispose]());

async function open(name: string, source: string, more: object = {}): Promise<string> {
  await tested.create(name, source);
  const { FunctionUrl = '' } = await tested.lambda.createFunctionUrlConfig({
    FunctionName: name,
    AuthType: 'NONE',
    ...more,
  });
  return FunctionUrl;
}

describe('a function URL', () => {
  it('gives the function a request in payload format 2.0', async () => {
    const url = await open('event', 'exports.handler = async (event) => event;');
    const response = await fetch(`${url}a%20b/c?x=1&x=2&y=z`, {
      method: 'POST',
      headers: { 'X-Mine': 'yes', cookie: 'a=1; b=2', 'content-type': 'application/json' },
      body: '{"k":1}',
    });
    const event = (await response.json()) as { requestContext: Record<string, string> }; // what the function was given
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/a b/c',
      rawQueryString: 'x=1&x=2&y=z',
      queryStringParameters: { x: '1,2', y: 'z' },
      cookies: ['a=1', 'b=2'],
      headers: { 'x-mine': 'yes', 'x-forwarded-proto': 'https', 'content-type': 'application/json' },
      requestContext: {
        accountId: 'anonymous',
        stage: '$default',
        http: { method: 'POST', path: '/a b/c', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
      },
      body: '{"k":1}',
      isBase64Encoded: false,
    });
    expect(event.requestContext['domainName']).toBe(`${event.requestContext['apiId']}.lambda-url.us-east-1.on.aws`);
    expect(response.headers.get('x-amzn-requestid')).toBe(event.requestContext['requestId']);
  });

  it('gives bytes in base64', async () => {
    const url = await open(
      'bytes',
      'exports.handler = async ({ body, isBase64Encoded }) => ({ body, isBase64Encoded });',
    );
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array([0, 255]),
    });
    expect(await response.json()).toEqual({ body: 'AP8=', isBase64Encoded: true });
  });

  it.each([
    ['an object', '({ hello: "world" })', 200, '{"hello":"world"}', 'application/json'],
    ['a string', '"hello"', 200, 'hello', 'application/json'],
    ['a number', '3', 200, '3', 'application/json'],
    ['a list', '["a", 3, true]', 200, '["a",3,true]', 'application/json'],
    [
      'an answer',
      '({ statusCode: 201, headers: { "Content-Type": "text/plain" }, body: "made" })',
      201,
      'made',
      'text/plain',
    ],
    [
      'an answer in base64',
      '({ statusCode: 200, body: "aGk=", isBase64Encoded: true })',
      200,
      'hi',
      'application/json',
    ],
  ])('answers %s as AWS does', async (what, value, status, body, type) => {
    const url = await open(`answer-${what.replaceAll(' ', '-')}`, `exports.handler = async () => (${value});`);
    const response = await fetch(url);
    expect([response.status, await response.text(), response.headers.get('content-type')]).toEqual([
      status,
      body,
      type,
    ]);
  });

  it('answers what a streaming function wrote, with its status and headers', async () => {
    const source = `exports.handler = awslambda.streamifyResponse(async (event, stream) => {
      const answer = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'content-type': 'text/plain' }, cookies: ['a=1'] });
      answer.write('one ');
      answer.write('two');
      answer.end();
    });`;
    const url = await open('streaming', source, { InvokeMode: 'RESPONSE_STREAM' });
    const response = await fetch(url);
    expect([
      response.status,
      await response.text(),
      response.headers.get('content-type'),
      response.headers.getSetCookie(),
    ]).toEqual([201, 'one two', 'text/plain', ['a=1']]);
  });

  it('sets several cookies', async () => {
    const url = await open(
      'cookies',
      "exports.handler = async () => ({ statusCode: 200, cookies: ['a=1', 'b=2; Secure'] });",
    );
    expect((await fetch(url)).headers.getSetCookie()).toEqual(['a=1', 'b=2; Secure']);
  });

  it('answers 502 when the function failed', async () => {
    const url = await open('failing', "exports.handler = async () => { throw new Error('secret'); };");
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([502, 'Internal Server Error']);
  });

  it('answers 429 when there is no concurrency', async () => {
    const url = await open('throttled', 'exports.handler = async () => 1;');
    await tested.lambda.putFunctionConcurrency({ FunctionName: 'throttled', ReservedConcurrentExecutions: 0 });
    expect((await fetch(url)).status).toBe(429);
  });

  it('lets pages of other origins in as its configuration says', async () => {
    const url = await open(
      'shared',
      "exports.handler = async () => ({ statusCode: 200, headers: { 'access-control-allow-origin': 'own' } });",
      {
        Cors: {
          AllowOrigins: ['https://*.example.com'],
          AllowMethods: ['GET', 'PUT'],
          AllowHeaders: ['x-mine'],
          MaxAge: 60,
          AllowCredentials: true,
        },
      },
    );
    const headers = { origin: 'https://shop.example.com', 'access-control-request-method': 'PUT' };
    const preflight = await fetch(url, { method: 'OPTIONS', headers });
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-origin': 'https://shop.example.com',
      'access-control-allow-methods': 'GET,PUT',
      'access-control-allow-headers': 'x-mine',
      'access-control-max-age': '60',
      'access-control-allow-credentials': 'true',
    });
    expect(
      (await fetch(url, { headers: { origin: 'https://shop.example.com' } })).headers.get(
        'access-control-allow-origin',
      ),
    ).toBe('https://shop.example.com');
    expect(
      (await fetch(url, { headers: { origin: 'https://evil.example.org' } })).headers.get(
        'access-control-allow-origin',
      ),
    ).toBeNull();
  });

  it('wants a signature under AWS_IAM', async () => {
    const url = await open(
      'signed',
      'exports.handler = async ({ requestContext }) => requestContext.authorizer.iam.userArn;',
      { AuthType: 'AWS_IAM' },
    );
    const refused = await fetch(url);
    expect([refused.status, refused.headers.get('x-amzn-errortype')]).toEqual([403, 'AccessDeniedException']);
    const authorization =
      'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0';
    expect(await (await fetch(url, { headers: { authorization } })).text()).toBe('arn:aws:iam::000000000000:root');
  });

  it('records what came as a hop on the function', async () => {
    const url = await open('hopped', 'exports.handler = async () => 1;');
    await fetch(`${url}path`);
    expect(tested.cloud.trace.of(`${ARN}:hopped`)).toContainEqual(
      expect.objectContaining({
        operation: 'InvokeFunctionUrl',
        principal: 'anonymous',
        outcome: 'ok',
        note: 'GET /path',
        target: 'hopped.0',
      }),
    );
  });

  it('keeps its address across a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'skein-test-'));
    try {
      const first = await startLambda({ folder });
      await first.create('kept', 'exports.handler = async () => "kept";');
      const { FunctionUrl = '' } = await first.lambda.createFunctionUrlConfig({
        FunctionName: 'kept',
        AuthType: 'NONE',
      });
      await first[Symbol.asyncDispose]();
      await using _second = await startLambda({ folder });
      expect(await (await fetch(FunctionUrl)).text()).toBe('kept');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the configuration of a function URL', () => {
  it('is made, changed, listed and deleted', async () => {
    await tested.create('configured');
    await tested.lambda.publishVersion({ FunctionName: 'configured' });
    await tested.lambda.createAlias({ FunctionName: 'configured', Name: 'live', FunctionVersion: '1' });
    const FunctionName = 'configured';
    const created = await tested.lambda.createFunctionUrlConfig({ FunctionName, AuthType: 'NONE' });
    expect(created).toMatchObject({
      FunctionArn: `${ARN}:configured`,
      AuthType: 'NONE',
      FunctionUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
    });
    await expect(tested.lambda.createFunctionUrlConfig({ FunctionName, AuthType: 'NONE' })).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: expect.stringContaining('FunctionUrlConfig exists for this Lambda function'),
    });
    await tested.lambda.createFunctionUrlConfig({ FunctionName, AuthType: 'NONE', Qualifier: 'live' });
    expect(await tested.lambda.updateFunctionUrlConfig({ FunctionName, AuthType: 'AWS_IAM' })).toMatchObject({
      AuthType: 'AWS_IAM',
      FunctionUrl: created.FunctionUrl,
    });
    expect(await tested.lambda.getFunctionUrlConfig({ FunctionName })).toMatchObject({
      AuthType: 'AWS_IAM',
      InvokeMode: 'BUFFERED',
    });
    const { FunctionUrlConfigs } = await tested.lambda.listFunctionUrlConfigs({ FunctionName });
    expect(FunctionUrlConfigs?.map(({ FunctionArn }) => FunctionArn)).toEqual([
      `${ARN}:configured`,
      `${ARN}:configured:live`,
    ]);
    await tested.lambda.deleteFunctionUrlConfig({ FunctionName });
    await expect(tested.lambda.getFunctionUrlConfig({ FunctionName })).rejects.toThrow(
      'The resource you requested does not exist.',
    );
    await expect(fetch(created.FunctionUrl ?? '')).rejects.toThrow();
  });

  it.each([
    [{ FunctionName: 'nobody' }, 'ResourceNotFoundException', /^Function does not exist$/],
    [{ FunctionName: 'configured', Qualifier: '1' }, 'ValidationException', /Value '1' at 'qualifier'/],
    [{ FunctionName: 'configured', Qualifier: 'unknown' }, 'ResourceNotFoundException', /^Function does not exist$/],
    [
      { FunctionName: 'configured', InvokeMode: 'UNKNOWN' as 'BUFFERED' },
      'ValidationException',
      /Member must satisfy enum value set: \[RESPONSE_STREAM, BUFFERED\]/,
    ],
  ])('is refused as %j', async (input, name, message) => {
    await expect(tested.lambda.createFunctionUrlConfig({ AuthType: 'NONE', ...input })).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });
});
