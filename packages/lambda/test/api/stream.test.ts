import { EventEmitter, once } from 'node:events';
import { get, request } from 'node:http';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchHandler } from '../../src/api/fetchHandler.ts';
import { type Api, createApi } from '../../src/api/index.ts';
import { formatEvent, sendEvents } from '../../src/api/serverSentEvents.ts';
import { streamHandler } from '../../src/api/stream.ts';
import { context, httpEvent, kinds } from './events.ts';

async function* pieces(): AsyncGenerator<string | Uint8Array> {
  yield 'one ';
  await Promise.resolve();
  yield Buffer.from('two ');
  yield 'three';
}

function streamingApi(): Api {
  const api = createApi();
  api.get('/pieces', (_, res) => res.type('txt').status(201).header('x-a', '1').stream(pieces()));
  api.get('/node', (_, res) => res.stream(Readable.from(['a', 'b'])));
  api.get('/breaks', (_, res) =>
    res.stream(
      (async function* () {
        yield 'half';
        throw new Error('broke');
      })(),
    ),
  );
  api.get('/events', (_, res) =>
    sendEvents(res, [{ data: { n: 1 }, id: '1', event: 'count' }, { data: 'a\nb' }, { comment: 'alive', retry: 1000 }]),
  );
  api.get('/plain', (_, res) => res.cookie('a', '1').cookie('b', '2').send('plain'));
  api.get('/bytes', () => new Uint8Array([0, 255]));
  api.post('/body', (req) => ({
    body: req.body,
    query: req.query,
    all: req.multiValueQuery,
    cookies: req.cookies,
    ip: req.ip,
  }));
  return api;
}

describe('a stream that is not sent by a streaming handler', () => {
  it('is collected first', async () => {
    const api = streamingApi();
    const answer = await api.run(httpEvent('GET', '/pieces'), context);
    expect(answer).toMatchObject({
      statusCode: 201,
      headers: { 'content-type': 'text/plain', 'x-a': '1' },
      isBase64Encoded: true,
    });
    expect(Buffer.from(answer.body, 'base64').toString()).toBe('one two three');
    expect(await api.run(httpEvent('GET', '/breaks'), context)).toMatchObject({
      statusCode: 500,
      body: '{"error":"broke"}',
    });
    expect(await api.run(httpEvent('HEAD', '/pieces'), context)).toMatchObject({ statusCode: 201, body: '' });
  });
});

describe('streamHandler', () => {
  class Sink extends EventEmitter {
    destroyed = false;
    readonly written: string[] = [];
    /** As in Lambda: sent before the first piece, and not at all without one. */
    head: unknown;
    nextHead: unknown;
    error: unknown;
    ended = false;
    constructor(private_: { slow?: boolean } = {}) {
      super();
      this.slow = private_.slow ?? false;
    }
    readonly slow: boolean;
    write(piece: string | Uint8Array): boolean {
      this.head ??= this.nextHead;
      if (piece.length > 0) this.written.push(Buffer.from(piece as string).toString());
      if (this.slow) setImmediate(() => this.emit('drain'));
      return !this.slow;
    }
    end(): void {
      this.ended = true;
    }
    destroy(error?: Error): void {
      this.destroyed = true;
      this.error = error;
    }
  }

  const globals = globalThis as { awslambda?: unknown };
  afterEach(() => delete globals.awslambda);

  async function streamed(path: string, sink = new Sink(), api = streamingApi(), method = 'GET'): Promise<Sink> {
    globals.awslambda = {
      streamifyResponse: (handler: unknown) => handler,
      HttpResponseStream: {
        from: (stream: Sink, head: unknown) => {
          stream.nextHead = head;
          return stream;
        },
      },
    };
    const handler = streamHandler(api) as unknown as (event: object, stream: Sink, context: object) => Promise<void>;
    await handler(httpEvent(method, path), sink, context);
    return sink;
  }

  it('sends piece by piece, with the head first', async () => {
    const sink = await streamed('/pieces');
    expect(sink.head).toEqual({ statusCode: 201, headers: { 'content-type': 'text/plain', 'x-a': '1' } });
    expect(sink.written).toEqual(['one ', 'two ', 'three']);
    expect(sink.ended).toBe(true);
  });

  it('sends the head of an answer that has no body', async () => {
    const api = createApi();
    api.delete('/a', (_, res) => res.sendStatus(204));
    api.get('/none', (_, res) => res.status(201).stream([]));
    expect(await streamed('/a', new Sink(), api, 'DELETE')).toMatchObject({ head: { statusCode: 204 }, written: [] });
    expect(await streamed('/none', new Sink(), api)).toMatchObject({ head: { statusCode: 201 }, ended: true });
  });

  it('waits for a reader that is slow', async () => {
    expect((await streamed('/pieces', new Sink({ slow: true }))).written).toEqual(['one ', 'two ', 'three']);
  });

  it('sends what is no stream as well', async () => {
    const sink = await streamed('/plain');
    expect(sink.head).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      cookies: ['a=1; Path=/', 'b=2; Path=/'],
    });
    expect(sink.written).toEqual(['plain']);
    expect((await streamed('/nowhere')).head).toMatchObject({ statusCode: 404 });
  });

  it('cuts the answer off when the source breaks, and says so in the log', async () => {
    const lines: string[] = [];
    const api = createApi({ logger: { access: true, log: (line) => lines.push(line) } });
    const seen: number[] = [];
    api.finally((_, res) => seen.push(res.statusCode));
    api.get('/breaks', (_, res) =>
      res.stream(
        (async function* () {
          yield 'half';
          throw new Error('broke');
        })(),
      ),
    );
    const sink = await streamed('/breaks', new Sink(), api);
    expect(sink).toMatchObject({ written: ['half'], destroyed: true, ended: false });
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['broke', undefined]);
    expect(seen).toEqual([200]);
  });

  it('ends the source when the client goes away', async () => {
    let ended = false;
    const api = createApi();
    const sink = new Sink();
    api.get('/a', (_, res) =>
      res.stream(
        (async function* () {
          try {
            for (let n = 0; n < 1000; n++) {
              if (n === 2) sink.destroyed = true;
              yield `${n}`;
            }
          } finally {
            ended = true;
          }
        })(),
      ),
    );
    await streamed('/a', sink, api);
    expect(sink.written).toEqual(['0', '1']);
    expect(ended).toBe(true);
  });

  it('answers like the other handler where the runtime cannot stream', async () => {
    const api = streamingApi();
    expect(streamHandler(api)).toBe(api.handler);
  });
});

it('formats events so that nothing in them starts another', () => {
  expect(formatEvent({ event: 'a\ndata: evil', id: 'x\0y\r\n', data: 'one\r\ntwo\rthree', comment: 'c\n\nd' })).toBe(
    ': c d\nevent: a data: evil\nid: x y \ndata: one\ndata: two\ndata: three\n\n',
  );
});

describe('listen', () => {
  const fetchText = async (url: string, init?: RequestInit) => {
    const answer = await fetch(url, init);
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };

  it('serves over plain HTTP', async () => {
    await using server = await streamingApi().listen();
    const posted = await fetchText(`${server.url}/body?a=1&a=2&b=x+y`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: 'a=1; b=2' },
      body: '{"é":1}',
    });
    expect(JSON.parse(posted.text)).toEqual({
      body: { é: 1 },
      query: { a: '1,2', b: 'x y' },
      all: { a: ['1', '2'], b: ['x y'] },
      cookies: { a: '1', b: '2' },
      ip: '127.0.0.1',
    });
    const plain = await fetchText(`${server.url}/plain`);
    expect(plain.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2; Path=/']);
    expect((await fetchText(`${server.url}/nowhere`)).status).toBe(404);
    expect(new Uint8Array(await (await fetch(`${server.url}/bytes`)).arrayBuffer())).toEqual(new Uint8Array([0, 255]));
  });

  it('streams, and survives a stream that breaks and a client that goes away', async () => {
    await using server = await streamingApi().listen();
    expect((await fetchText(`${server.url}/events`)).text).toBe(
      'event: count\nid: 1\ndata: {"n":1}\n\ndata: a\ndata: b\n\n: alive\nretry: 1000\n\n',
    );
    await expect(fetchText(`${server.url}/breaks`)).rejects.toThrow();
    const aborted = get(`${server.url}/pieces`);
    aborted.on('error', () => undefined);
    await once(aborted, 'response');
    aborted.destroy();
    const half = request(`${server.url}/body`, { method: 'POST', headers: { 'content-length': 100 } });
    half.on('error', () => undefined);
    half.write('{"half');
    half.destroy();
    expect((await fetchText(`${server.url}/plain`)).text).toBe('plain');
  });

  it('refuses a body that is too long', async () => {
    const api = createApi({ bodyLimit: 10 });
    api.post('/a', () => 'ok');
    await using server = await api.listen();
    expect((await fetchText(`${server.url}/a`, { method: 'POST', body: 'x'.repeat(10) })).status).toBe(200);
    const long = await fetch(`${server.url}/a`, { method: 'POST', body: 'x'.repeat(11) });
    expect(long.status).toBe(413);
  });

  it('rejects when the port is taken', async () => {
    await using server = await createApi().listen();
    await expect(createApi().listen(server.port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('fetchHandler', () => {
  const app = fetchHandler(
    async (incoming) => {
      const url = new URL(incoming.url);
      if (url.pathname === '/bytes')
        return new Response(new Uint8Array([0, 255]), { headers: { 'content-type': 'image/png' } });
      if (url.pathname === '/empty') return new Response(null, { status: 204 });
      const headers = new Headers({ 'x-a': incoming.headers.get('x-b') ?? '', 'content-type': 'application/json' });
      headers.append('set-cookie', 'a=1');
      headers.append('set-cookie', 'b=2');
      const seen = {
        method: incoming.method,
        path: url.pathname,
        query: url.searchParams.getAll('a'),
        cookie: incoming.headers.get('cookie'),
        body: incoming.method === 'POST' ? await incoming.text() : '',
      };
      return new Response(JSON.stringify(seen), { status: 201, headers });
    },
    { strip: '/mount' },
  );

  it.each(kinds)('mounts behind a %s', async (name, make) => {
    const api = createApi();
    api.any('/mount/*', app);
    const event = make('POST', '/mount/orders/7', {
      search: 'a=1&a=2',
      headers: { 'x-b': 'x', 'content-type': 'text/plain' },
      body: 'text',
      cookies: ['c=3'],
    });
    const answer = await api.run(event, context);
    const multi = !/single values|balancer$/.test(name);
    expect(JSON.parse(answer.body)).toEqual({
      method: 'POST',
      path: '/orders/7',
      query: multi ? ['1', '2'] : ['2'],
      cookie: 'c=3',
      body: 'text',
    });
    expect(answer.statusCode).toBe(201);
    expect(JSON.stringify(answer)).toMatch(/a=1.*b=2/);
  });

  it('hands bytes and empty answers on', async () => {
    const api = createApi();
    api.any('/mount/*', app);
    expect(await api.run(httpEvent('GET', '/mount/bytes'), context)).toMatchObject({
      body: 'AP8=',
      isBase64Encoded: true,
      headers: { 'content-type': 'image/png' },
    });
    expect(await api.run(httpEvent('GET', '/mount/empty'), context)).toMatchObject({ statusCode: 204, body: '' });
  });
});
