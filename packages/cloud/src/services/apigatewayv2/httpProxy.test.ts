import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from './testing.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let gateway: TestGateway;
let legacy: Server;
let legacyUrl: string;
let seen: Seen[] = [];
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  gateway = await startTestGateway();
  legacy = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    answer(response);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  legacy.listen(0, '127.0.0.1', resolve);
  await promise;
  legacyUrl = `http://127.0.0.1:${(legacy.address() as AddressInfo).port}`; // it listens on TCP
});

afterAll(async () => {
  legacy.closeAllConnections();
  legacy.close();
  await gateway[Symbol.asyncDispose]();
});

beforeEach(() => {
  seen = [];
  answer = (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('legacy');
});

describe('an HTTP API in front of an HTTP server', () => {
  it('passes method, path, query, headers and body on, and the answer back', async () => {
    answer = (response) => response.writeHead(201, { 'x-legacy': 'yes', 'set-cookie': ['a=1', 'b=2'] }).end('made');
    const { ApiId } = await gateway.aws.CreateApi({ Name: 'legacy', ProtocolType: 'HTTP', Target: legacyUrl });
    const response = await fetch(`${gateway.url(ApiId)}/a/b%20c?x=1&x=2`, {
      method: 'POST',
      headers: { 'x-own': 'mine' },
      body: 'hello',
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-legacy')).toBe('yes');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.text()).toBe('made');
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/a/b%20c?x=1&x=2', body: 'hello' });
    expect(seen[0]?.headers).toMatchObject({ 'x-own': 'mine', host: new URL(legacyUrl).host, 'content-length': '5' });
  });
});
