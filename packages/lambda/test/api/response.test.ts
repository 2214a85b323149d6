import { describe, expect, it, vi } from 'vitest';
import { createApi, type Options, type Request, type Response } from '../../src/api/index.ts';
import { context, type EventChanges, httpEvent, restEvent } from './events.ts';

/** The answer of a handler. */
async function answerOf(
  handle: (res: Response, req: Request) => unknown,
  options: Options = {},
  changes: EventChanges = {},
) {
  const api = createApi(options);
  api.any('/a', (req, res) => handle(res, req));
  const { statusCode, body, cookies, headers, isBase64Encoded } = await api.run(
    httpEvent('GET', '/a', changes),
    context,
  );
  return { statusCode, body, cookies, headers: headers ?? {}, isBase64Encoded };
}

describe('send', () => {
  it.each([
    ['text', 'text', 'text'],
    ['an object', { a: 1 }, '{"a":1}'],
    ['an array', [1], '[1]'],
    ['a number', 5, '5'],
    ['zero', 0, '0'],
    ['true', true, 'true'],
    ['false', false, 'false'],
    ['null', null, 'null'],
    ['empty text', '', ''],
    ['a date', new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['a bigint', 5n, '5'],
  ])('%s, or returns it', async (_, value, expected) => {
    expect(await answerOf((res) => res.send(value))).toMatchObject({ statusCode: 200, body: expected });
    expect(await answerOf(() => value)).toMatchObject({ statusCode: 200, body: expected });
    expect(await answerOf(async () => value)).toMatchObject({ statusCode: 200, body: expected });
  });

  it('sends nothing for undefined', async () => {
    expect(await answerOf((res) => res.status(418).send(undefined))).toMatchObject({ statusCode: 418, body: '' });
  });

  it.each([100, 204, 205, 304])('drops the body of a %i', async (code) => {
    expect(await answerOf((res) => res.status(code).json({ a: 1 }))).toMatchObject({ statusCode: code, body: '' });
  });

  it('lets the first answer win', async () => {
    const answer = await answerOf((res) => {
      res.status(201).send('first');
      res.send('second');
      return 'third';
    });
    expect(answer).toMatchObject({ statusCode: 201, body: 'first' });
  });
});

it('sends JSON, JSONP and HTML', async () => {
  expect(await answerOf((res) => res.type('text').json('text'))).toMatchObject({
    body: '"text"',
    headers: { 'content-type': 'application/json' },
  });
  expect(await answerOf((res) => res.html('<p>'))).toMatchObject({
    body: '<p>',
    headers: { 'content-type': 'text/html' },
  });
  expect(await answerOf((res) => res.jsonp({ a: '\u2028' }))).toMatchObject({ body: 'callback({"a":"\\u2028"})' });
  const search = 'callback=evil(1);x.y[0]';
  expect(await answerOf((res) => res.jsonp(1), {}, { search })).toMatchObject({ body: 'evil1x.y[0](1)' });
  expect(await answerOf((res) => res.jsonp(1), { callbackName: 'cb' }, { search: 'cb=f' })).toMatchObject({
    body: 'f(1)',
  });
});

it('sends the text of a status', async () => {
  expect(await answerOf((res) => res.sendStatus(403))).toMatchObject({ statusCode: 403, body: 'Forbidden' });
  expect(await answerOf((res) => res.sendStatus(299))).toMatchObject({ statusCode: 299, body: 'Unknown' });
  expect(await answerOf((res) => res.sendStatus(204))).toMatchObject({ statusCode: 204, body: '' });
});

describe('headers', () => {
  it('are set, added to, read and removed, whatever their case', async () => {
    const answer = await answerOf((res) => {
      res.header('X-A', '1').header('x-a', '2', true).setHeader('B', ['3', '4']).header('Number', 5).header('Empty');
      const seen = [
        res.getHeader('X-a'),
        res.getHeader('x-A', true),
        res.hasHeader('b'),
        res.getHeader('no'),
        res.getHeaders()['x-a'],
      ];
      res.removeHeader('B');
      return [...seen, res.hasHeader('b'), res.getHeader()];
    });
    expect(JSON.parse(answer.body)).toEqual([
      '1,2',
      ['1', '2'],
      true,
      null,
      ['1', '2'],
      false,
      { 'content-type': 'application/json', 'x-a': '1,2', number: '5', empty: '' },
    ]);
    expect(answer.headers).toEqual({ 'content-type': 'application/json', 'x-a': '1,2', number: '5', empty: '' });
  });

  it('of every answer come from the options, and stay when a request fails', async () => {
    const options = { headers: { 'X-Frame': 'deny', vary: ['a', 'b'] } };
    expect((await answerOf(() => 1, options)).headers).toMatchObject({ 'x-frame': 'deny', vary: 'a,b' });
    const failed = await answerOf((res) => res.header('x-b', '1').error(409, 'no'), options);
    expect(failed.headers).toEqual({ 'content-type': 'application/json', 'x-frame': 'deny', vary: 'a,b' });
  });

  it.each([
    ['a line break in a value', (res: Response) => res.header('x-a', 'a\r\nset-cookie: b=1')],
    ['a null in a value', (res: Response) => res.header('x-a', 'a\0')],
    ['a line break in one of several', (res: Response) => res.header('x-a', ['a', 'b\n'])],
    ['a line break in a name', (res: Response) => res.header('x\r\na', 'a')],
    ['a space in a name', (res: Response) => res.header('x a', 'a')],
    ['a line break in a type', (res: Response) => res.type('text/html\r\nx: y')],
    ['a semicolon in a cookie path', (res: Response) => res.cookie('a', 'b', { path: '/; Domain=evil' })],
    ['a line break in a cookie domain', (res: Response) => res.cookie('a', 'b', { domain: 'a\r\nb' })],
    ['an equals sign in a cookie name', (res: Response) => res.cookie('a=b', 'b')],
  ])('refuse %s', async (_, set) => {
    const answer = await answerOf((res) => set(res).send('x'));
    expect(answer.statusCode).toBe(500);
    expect(JSON.stringify(answer.headers)).not.toMatch(/evil|set-cookie|"x/);
  });

  it('keeps a header called __proto__ a header', async () => {
    const { headers } = await answerOf((res) => res.header('__proto__', 'x').send('y'));
    expect(Object.entries(headers)).toContainEqual(['__proto__', 'x']);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});

it('knows content types by extension, file name and option', async () => {
  const typeOf = async (type: string) =>
    (await answerOf((res) => res.type(type).send(''), { mimeTypes: { abc: 'x/abc' } })).headers['content-type'];
  expect(
    await Promise.all(
      ['html', '.html', 'a/b.PNG'.slice(2), 'application/pdf', '.doc', 'abc', 'nonsense', 'constructor'].map(typeOf),
    ),
  ).toEqual([
    'text/html',
    'text/html',
    'image/png',
    'application/pdf',
    'application/msword',
    'x/abc',
    'application/json',
    'application/json',
  ]);
});

describe('redirect', () => {
  it('is 302, or what is asked for, and shows no markup', async () => {
    expect(await answerOf((res) => res.redirect('/home'))).toMatchObject({
      statusCode: 302,
      headers: { location: '/home', 'content-type': 'text/html' },
    });
    const answer = await answerOf((res) => res.redirect(301, '/a b?"><script>é'));
    expect(answer).toMatchObject({ statusCode: 301, headers: { location: '/a%20b?%22%3E%3Cscript%3E%C3%A9' } });
    expect(answer.body).not.toContain('<script>');
  });

  it('does not encode what is encoded', async () => {
    expect(
      (await answerOf((res) => res.location('https://a/ü?x=%20%zz').status(301).send(''))).headers['location'],
    ).toBe('https://a/%C3%BC?x=%20%25zz');
  });

  it('refuses a status that is no redirect', async () => {
    expect(await answerOf((res) => res.redirect(200, '/'))).toMatchObject({
      statusCode: 500,
      body: '{"error":"200 is not a status code of a redirect"}',
    });
  });
});

it('sets CORS headers, keeping those that were set before', async () => {
  const { headers } = await answerOf((res) => {
    res.cors({ origin: 'example.com', maxAge: 84_000_000, credentials: true, exposeHeaders: 'x-a' });
    res.cors({ methods: 'GET' }).send('');
  });
  expect(headers).toEqual({
    'content-type': 'application/json',
    'access-control-allow-origin': 'example.com',
    'access-control-allow-methods': 'GET',
    'access-control-allow-headers': 'Content-Type, Authorization, Content-Length, X-Requested-With',
    'access-control-expose-headers': 'x-a',
    'access-control-max-age': '84000',
    'access-control-allow-credentials': 'true',
  });
});

describe('cookies', () => {
  it('have standard attributes', async () => {
    vi.useFakeTimers({ now: 0, toFake: ['Date'] });
    try {
      const { cookies } = await answerOf((res) =>
        res
          .cookie('a', 'x y', { maxAge: 3_600_000, secure: true })
          .cookie('b', { k: 1 }, { domain: '.test.com', path: '/admin', httpOnly: true, sameSite: true })
          .cookie('c', '', { sameSite: false, expires: new Date(1000), partitioned: true })
          .cookie('d', 5, { sameSite: 'None' })
          .clearCookie('z', { path: '/q' })
          .send(''),
      );
      expect(cookies).toEqual([
        'a=x%20y; Expires=Thu, 01 Jan 1970 01:00:00 GMT; Max-Age=3600; Path=/; Secure',
        'b=%7B%22k%22%3A1%7D; Domain=.test.com; HttpOnly; Path=/admin; SameSite=Strict',
        'c=; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Path=/; SameSite=Lax; Partitioned',
        'd=5; Path=/; SameSite=None',
        'z=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/q',
      ]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('caching', () => {
  it('sets cache-control and the right expires', async () => {
    vi.useFakeTimers({ now: 0, toFake: ['Date'] });
    try {
      const of = async (handle: (res: Response) => Response) => {
        const { headers } = await answerOf((res) => handle(res).send(''));
        return [headers['cache-control'], headers['expires']];
      };
      expect(await of((res) => res.cache(30_000, true))).toEqual([
        'private, max-age=30',
        'Thu, 01 Jan 1970 00:00:30 GMT',
      ]);
      expect(await of((res) => res.cache(true))).toEqual(['max-age=0', 'Thu, 01 Jan 1970 00:00:00 GMT']);
      expect(await of((res) => res.cache())).toEqual(['max-age=0', 'Thu, 01 Jan 1970 00:00:00 GMT']);
      expect(await of((res) => res.cache(false))).toEqual(['no-cache, no-store, must-revalidate', undefined]);
      expect(await of((res) => res.cache('public'))).toEqual(['public', undefined]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('sets last-modified', async () => {
    const of = async (date?: boolean | string | Date) =>
      (await answerOf((res) => res.modified(date).send(''))).headers['last-modified'];
    expect(await of(new Date(0))).toBe('Thu, 01 Jan 1970 00:00:00 GMT');
    expect(await of('2020-01-01')).toBe('Wed, 01 Jan 2020 00:00:00 GMT');
    expect(await of(false)).toBeUndefined();
    expect(await of('nonsense')).toBeUndefined();
    expect(await of(true)).toMatch(/GMT$/);
  });

  it('adds an ETag, and answers 304 to whoever has it', async () => {
    const handle = (res: Response) => res.etag(true).send({ a: 1 });
    const first = await answerOf(handle);
    const etag = first.headers['etag'] ?? '';
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      expect(await answerOf(handle, {}, { headers: { 'if-none-match': known } })).toMatchObject({
        statusCode: 304,
        body: '',
        headers: { etag },
      });
    }
    expect(await answerOf(handle, {}, { headers: { 'if-none-match': '"other"' } })).toMatchObject({ statusCode: 200 });
    expect((await answerOf((res) => res.status(201).etag(true).send('x'))).headers['etag']).toBeUndefined();
    expect((await answerOf((res) => res.etag(true).etag(false).send('x'))).headers['etag']).toBeUndefined();
    expect((await answerOf((res) => res.header('etag', '"own"').etag(true).send('x'))).headers['etag']).toBe('"own"');
  });
});

it('names a file to be saved, for old and new clients', async () => {
  const of = async (name?: string) => {
    const { headers } = await answerOf((res) => res.attachment(name).send(''));
    return [headers['content-disposition'], headers['content-type']];
  };
  expect(await of()).toEqual(['attachment', 'application/json']);
  expect(await of('path/to/logo.png')).toEqual(['attachment; filename="logo.png"', 'image/png']);
  expect(await of('a"b\r\né.txt')).toEqual([
    'attachment; filename="a\\"b___.txt"; filename*=UTF-8\'\'a%22b%0D%0A%C3%A9.txt',
    'text/plain',
  ]);
});

it('uses the serializer, and says base64 when told so', async () => {
  const serializer = (body: unknown) => Buffer.from(JSON.stringify(body)).toString('base64');
  expect(await answerOf((res) => res.send({ a: 1 }), { serializer, isBase64: true })).toMatchObject({
    body: 'eyJhIjoxfQ==',
    isBase64Encoded: true,
  });
});

it('answers whoever calls later', async () => {
  expect(await answerOf((res) => void setImmediate(() => res.send('later')))).toMatchObject({ body: 'later' });
  expect(await answerOf(async (res) => void setImmediate(() => res.error(402, 'pay')))).toMatchObject({
    statusCode: 402,
  });
});

it('answers a REST API with the Allow header in its own form', async () => {
  const api = createApi();
  api.get('/a', () => 1);
  expect((await api.run(restEvent('PUT', '/a'), context)).multiValueHeaders).toMatchObject({ allow: ['GET, HEAD'] });
});
