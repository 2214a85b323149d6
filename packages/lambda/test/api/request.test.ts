import { describe, expect, it } from 'vitest';
import { createApi, type Request } from '../../src/api/index.ts';
import { context, type EventChanges, httpEvent, restEvent } from './events.ts';

/** What a handler reads of a request. */
async function read<T>(
  pick: (req: Request) => T,
  changes: EventChanges = {},
  make: typeof httpEvent = httpEvent,
): Promise<T> {
  const api = createApi();
  const seen: T[] = [];
  api.any('/*', (req) => {
    seen.push(pick(req));
    return 'ok';
  });
  const answer = await api.run(make('POST', '/a', changes), context);
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return seen[0] as T; // It ran, for it answered 200.
}

const json = { 'content-type': 'application/json' };

describe('body', () => {
  it.each([
    ['JSON', 'application/json', '{"a":[1]}', { a: [1] }],
    ['JSON with a suffix', 'application/vnd.api+json', '[1]', [1]],
    ['JSON in capitals', 'Application/JSON', '{}', {}],
    ['malformed JSON as text', 'application/json', '{"a":', '{"a":'],
    ['plain text', 'text/plain', '{"a":1}', '{"a":1}'],
    ['XML', 'application/xml', '<a/>', '<a/>'],
    [
      'a form',
      'application/x-www-form-urlencoded; charset=utf-8',
      'a=1&b=x+y&b=%C3%A9&c',
      { a: '1', b: ['x y', 'é'], c: '' },
    ],
    ['nothing', 'application/json', null, null],
    ['an empty text', 'application/json', '', ''],
  ])('reads %s', async (_, type, body, expected) => {
    expect(await read((req) => req.body, { headers: { 'content-type': type }, body })).toEqual(expected);
  });

  it('reads JSON that does not say what it is', async () => {
    expect(await read((req) => req.body, { body: '{"a":1}' })).toEqual({ a: 1 });
  });

  it('decodes charsets that it knows', async () => {
    const changes = (charset: string, bytes: Buffer): EventChanges => ({
      headers: { 'content-type': `text/plain; charset=${charset}` },
      body: bytes.toString('base64'),
      isBase64Encoded: true,
    });
    expect(await read((req) => req.body, changes('ISO-8859-1', Buffer.from('é', 'latin1')))).toBe('é');
    expect(await read((req) => req.body, changes('"utf-16le"', Buffer.from('é', 'utf16le')))).toBe('é');
    await expect(read((req) => req.body, changes('klingon', Buffer.from('x')))).rejects.toThrow(
      'Unsupported charset klingon',
    );
  });

  it('keeps the raw form and gives the bytes', async () => {
    const changes = { body: 'AP8B', isBase64Encoded: true };
    expect(await read((req) => [req.rawBody, req.isBase64Encoded, [...req.bytes]] as const, changes)).toEqual([
      'AP8B',
      true,
      [0, 255, 1],
    ]);
    expect(await read((req) => req.bytes.toString(), { body: 'text' })).toBe('text');
  });

  it('may be replaced, as may query, params and headers', async () => {
    const seen = await read((req) => {
      req.body = 1;
      req.query = { a: '2' };
      req.params = { b: '3' };
      req.headers = { c: '4' };
      return [req.body, req.query, req.params, req.headers];
    });
    expect(seen).toEqual([1, { a: '2' }, { b: '3' }, { c: '4' }]);
  });
});

describe('auth', () => {
  it.each([
    ['Bearer abc.def', { type: 'Bearer', value: 'abc.def' }],
    ['bearer abc', { type: 'Bearer', value: 'abc' }],
    ['Basic dXNlcjpwYTpzcw==', { type: 'Basic', value: 'dXNlcjpwYTpzcw==', username: 'user', password: 'pa:ss' }],
    ['Basic dXNlcg==', { type: 'Basic', value: 'dXNlcg==', username: 'user', password: null }],
    ['Digest username="a", nonce=5', { type: 'Digest', value: 'username="a", nonce=5', username: 'a', nonce: '5' }],
    ['OAuth realm="x", oauth_nonce="n", type="evil"', { type: 'OAuth', realm: 'x', oauth_nonce: 'n' }],
    ['Negotiate abc', { type: 'none', value: null }],
    ['Bearer', { type: 'none', value: null }],
    ['', { type: 'none', value: null }],
  ])('reads %s', async (authorization, expected) => {
    expect(await read((req) => ({ ...req.auth }), { headers: { authorization } })).toMatchObject(expected);
    expect(await read((req) => ({ ...req.auth }), { headers: { authorization } }, restEvent)).toMatchObject(expected);
  });
});

describe('headers', () => {
  it('have lower-case names, and come as they were too', async () => {
    const seen = await read(
      (req) => [req.headers['x-a'], req.rawHeaders['X-A'], req.multiValueHeaders['x-a']],
      { headers: { 'x-a': '1' } },
      restEvent,
    );
    expect(seen).toEqual(['1', '1', ['1']]);
  });

  it('with several values are joined', async () => {
    const more = { multiValueHeaders: { 'X-A': ['1', '2'], Cookie: ['a=1', 'b=2'] } };
    const seen = await read(
      (req) => [req.headers['x-a'], req.multiValueHeaders['x-a'], req.cookies],
      { more },
      restEvent,
    );
    expect(seen).toEqual(['1,2', ['1', '2'], { a: '1', b: '2' }]);
  });

  it('tell the device and the country that CloudFront saw', async () => {
    const headers = {
      'cloudfront-is-mobile-viewer': 'true',
      'cloudfront-is-desktop-viewer': 'false',
      'cloudfront-viewer-country': 'de',
    };
    expect(await read((req) => [req.clientType, req.clientCountry], { headers })).toEqual(['mobile', 'DE']);
    expect(await read((req) => [req.clientType, req.clientCountry], { headers }, restEvent)).toEqual(['mobile', 'DE']);
    expect(await read((req) => [req.clientType, req.clientCountry])).toEqual(['unknown', 'unknown']);
  });
});

it('reads cookies, the first of a name, quoted ones too', async () => {
  const cookies = ['a=1; b="quoted"; a=2', ' c = x=y ', 'novalue', '=nothing', 'd=%E0%A4%A'];
  expect(await read((req) => ({ ...req.cookies }), { cookies })).toEqual({
    a: '1',
    b: 'quoted',
    c: 'x=y',
    d: '%E0%A4%A',
  });
});

it('tells what the event and the context say', async () => {
  const seen = await read(
    (req) => ({
      id: req.id,
      stage: req.requestContext.stage,
      path: req.pathParameters,
      variables: req.stageVariables,
      version: req.payloadVersion,
      route: req.route,
      context: req.context.functionName,
      base64: req.isBase64Encoded,
    }),
    {},
    restEvent,
  );
  expect(seen).toEqual({
    id: context.awsRequestId,
    stage: 'stage',
    path: { proxy: 'a' },
    variables: { color: 'green' },
    version: null,
    route: '/*',
    context: 'orders',
    base64: false,
  });
  expect(await read((req) => [req.payloadVersion, req.pathParameters, req.stageVariables])).toEqual([
    '2.0',
    null,
    null,
  ]);
});

it('counts the requests of the environment', async () => {
  const api = createApi();
  api.get('/a', (req) => [req.coldStart, req.requestCount]);
  expect((await api.run(httpEvent('GET', '/a'), context)).body).toBe('[true,1]');
  expect((await api.run(httpEvent('GET', '/a'), context)).body).toBe('[false,2]');
});

it('sends a JSON content type without reading the other headers', async () => {
  const headers = new Proxy<Record<string, string>>(json, {
    ownKeys: () => {
      throw new Error('all headers were read');
    },
  });
  const api = createApi();
  api.post('/a', (req) => req.body);
  expect(await api.run({ ...httpEvent('POST', '/a', { body: '{"a":1}' }), headers }, context)).toMatchObject({
    body: '{"a":1}',
  });
});
