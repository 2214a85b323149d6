import { describe, expect, it } from 'vitest';
import { createApi } from '../../src/api/index.ts';
import {
  albEvent,
  albMultiEvent,
  consoleEvent,
  context,
  httpEvent,
  kinds,
  restEvent,
  restSingleEvent,
} from './events.ts';

const api = createApi({ version: 'v2.0' });
api.any('/echo/:id', (req) => ({
  method: req.method,
  path: req.path,
  id: req.params.id,
  query: req.query,
  multiValueQuery: req.multiValueQuery,
  header: req.headers['x-custom'],
  cookies: req.cookies,
  body: req.body,
  ip: req.ip,
  userAgent: req.userAgent,
  version: req.version,
  interface: req.interface,
}));
api.get('/cookies', (_, res) =>
  res.cookie('a', '1').cookie('b', '2').cookie('c', '3').header('x-more', ['1', '2']).send('ok'),
);
api.get('/bytes', () => new Uint8Array([0, 255, 1]));
api.get('/plain', () => 'ok');

describe.each(kinds)('%s', (name, make) => {
  it('gives the same request', async () => {
    const event = make('POST', '/echo/7', {
      search: 'a=1&a=2&name=J%C3%BCrgen+K',
      headers: { 'x-custom': 'value', 'content-type': 'application/json' },
      body: '{"total":5}',
      cookies: ['session=abc%20d', 'theme=dark'],
    });
    const { body } = await api.run(event, context);
    const seen = JSON.parse(body);
    expect(seen).toMatchObject({
      method: 'POST',
      path: '/echo/7',
      id: '7',
      header: 'value',
      cookies: { session: 'abc d', theme: 'dark' },
      body: { total: 5 },
      ip: '203.0.113.7',
      userAgent: 'test/1.0',
      version: 'v2.0',
      interface: name.startsWith('load') ? 'alb' : 'apigateway',
    });
    expect(seen.query.name).toBe('Jürgen K');
    expect(seen.multiValueQuery.name).toEqual(['Jürgen K']);
    expect(seen.query.a).toBe(name.startsWith('HTTP') || name.startsWith('function') ? '1,2' : '2');
    if (!/single values|balancer$/.test(name)) expect(seen.multiValueQuery.a).toEqual(['1', '2']);
  });

  it('takes a body in base64', async () => {
    const event = make('PUT', '/echo/7', {
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: Buffer.from('{"name":"é"}').toString('base64'),
      isBase64Encoded: true,
    });
    expect(JSON.parse((await api.run(event, context)).body).body).toEqual({ name: 'é' });
  });

  it('lets all cookies survive', async () => {
    const answer = await api.run(make('GET', '/cookies'), context);
    const values = [
      ...(answer.cookies ?? []),
      ...(answer.multiValueHeaders?.['set-cookie'] ?? []),
      ...Object.entries(answer.headers ?? {}).flatMap(([key, value]) =>
        key.toLowerCase() === 'set-cookie' ? [value] : [],
      ),
    ];
    expect(values).toEqual(['a=1; Path=/', 'b=2; Path=/', 'c=3; Path=/']);
  });

  it('sends bytes in base64', async () => {
    expect(await api.run(make('GET', '/bytes'), context)).toMatchObject({
      body: 'AP8B',
      isBase64Encoded: true,
      statusCode: 200,
    });
  });
});

describe('the shape of an answer', () => {
  const shape = { statusCode: 200, body: 'ok', isBase64Encoded: false };

  it.each([
    ['a REST API', restEvent, { multiValueHeaders: { 'content-type': ['application/json'] } }],
    ['a REST API with single values', restSingleEvent, { headers: { 'content-type': 'application/json' } }],
    ['an HTTP API', httpEvent, { headers: { 'content-type': 'application/json' } }],
    ['a load balancer', albEvent, { headers: { 'content-type': 'application/json' }, statusDescription: '200 OK' }],
    [
      'a load balancer with multi-value headers',
      albMultiEvent,
      { multiValueHeaders: { 'content-type': ['application/json'] }, statusDescription: '200 OK' },
    ],
  ])('is that of %s', async (_, make, expected) => {
    expect(await api.run(make('GET', '/plain'), context)).toEqual({ ...shape, ...expected });
  });

  it('is the same with more headers', async () => {
    const rest = await api.run(restEvent('GET', '/cookies'), context);
    expect(rest.multiValueHeaders).toEqual({
      'content-type': ['application/json'],
      'set-cookie': ['a=1; Path=/', 'b=2; Path=/', 'c=3; Path=/'],
      'x-more': ['1', '2'],
    });
    const http = await api.run(httpEvent('GET', '/cookies'), context);
    expect(http.headers).toEqual({ 'content-type': 'application/json', 'x-more': '1,2' });
    const alb = await api.run(albEvent('GET', '/cookies'), context);
    expect(Object.keys(alb.headers ?? {})).toEqual([
      'content-type',
      'x-more',
      'set-cookie',
      'Set-cookie',
      'sEt-cookie',
    ]);
  });
});

it("answers the console's test of a method, which has no headers", async () => {
  const answer = await api.run(consoleEvent('GET', '/echo/1'), context);
  expect(answer).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/json' } });
  expect(JSON.parse(answer.body)).toMatchObject({
    ip: 'test-invoke-source-ip',
    userAgent: 'aws-internal/3',
    query: {},
    cookies: {},
  });
});

it("answers an event that is no HTTP request, such as the console's first one, like a GET of the root", async () => {
  expect(await api.run({ key1: 'value1', key2: 'value2' }, context)).toMatchObject({ statusCode: 404 });
  const root = createApi();
  root.get('/', (req) => ({ method: req.method, path: req.path }));
  for (const event of [{ key1: 'value1' }, {}, { requestContext: null }, [], null, 'text', 5]) {
    expect((await root.run(event as object, context)).body).toBe('{"method":"GET","path":"/"}');
  }
});

it('works without a context', async () => {
  expect(await api.run(httpEvent('GET', '/plain'))).toMatchObject({ body: 'ok' });
});
