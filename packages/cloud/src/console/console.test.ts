import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Aws } from '../kernel/service.ts';
import { Trace } from '../kernel/trace.ts';
import { type Listener, listen } from '../protocols/listener.ts';
import type { ConsoleEvents } from './api.ts';
import { type ConsoleSource, consoleGate } from './index.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Operations as a cloud with one stack and one function would answer them. */
function awsWith(lines: { timestamp: number; eventId: string; message: string }[] = []): Aws {
  const aws = {
    cloudformation: {
      DescribeStacks: async () => ({
        Stacks: [
          {
            StackName: 'Shop',
            StackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/Shop/1',
            StackStatus: 'CREATE_COMPLETE',
            CreationTime: new Date(5),
            Outputs: [{ OutputKey: 'Url', OutputValue: 'http://127.0.0.1:50000' }],
          },
        ],
      }),
      ListStackResources: async ({ StackName, NextToken }: { StackName: string; NextToken?: string }) => {
        if (StackName !== 'Shop')
          throw Object.assign(new Error(`Stack with id ${StackName} does not exist`), { $metadata: {} });
        return NextToken === undefined
          ? { StackResourceSummaries: [summary('Worker', 'Shop-Worker-1', 'AWS::Lambda::Function')], NextToken: 'more' }
          : { StackResourceSummaries: [summary('Orders', 'Shop-Orders-1', 'AWS::DynamoDB::Table')] };
      },
    },
    lambda: { GetFunctionConfiguration: async () => ({ LoggingConfig: { LogGroup: '/shop/worker' } }) },
    logs: {
      DescribeLogGroups: async () => ({ logGroups: [{ logGroupName: '/shop/worker', creationTime: 7 }] }),
      FilterLogEvents: async ({ startTime = 0 }: { startTime?: number }) => ({
        events: lines
          .filter(({ timestamp }) => timestamp >= startTime)
          .map((line) => ({ ...line, logStreamName: 's' })),
      }),
    },
  };
  return aws as unknown as Aws; // only what the console calls
}

const summary = (LogicalResourceId: string, PhysicalResourceId: string, ResourceType: string) => ({
  LogicalResourceId,
  PhysicalResourceId,
  ResourceType,
  ResourceStatus: 'CREATE_COMPLETE',
  LastUpdatedTimestamp: new Date(5),
});

async function serve(overrides: Partial<ConsoleSource> = {}): Promise<{ url: string; trace: Trace }> {
  let listener: Listener | undefined;
  const trace = new Trace(
    () => 1000,
    () => 0,
  );
  const gate = consoleGate(() => ({
    settings: {
      account: '000000000000',
      region: 'us-east-1',
      endpoint: listener?.url ?? '',
      folder: undefined,
      freeze: true,
    },
    trace,
    aws: awsWith(),
    views: () => Promise.reject(new Error('no services')),
    clock: 'virtual',
    now: () => 1000,
    version: '1.2.3',
    page: undefined,
    ...overrides,
  }));
  listener = await listen({
    host: '127.0.0.1',
    port: 0,
    handler: { handle: () => ({ status: 418, headers: {}, body: 'an AWS answer' }), handleHttp: gate },
  });
  open.push(() => listener?.close());
  return { url: listener.url, trace };
}

const hop = (trace: Trace, cause: number, operation: string) =>
  trace.begin({ cause, service: 'lambda', operation, principal: 'p', resource: 'r' });

const read = async (url: string): Promise<unknown> => (await fetch(url)).json();

/** Gets a path under a host that fetch would not send. */
function statusUnder(url: string, host: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  request(url, { headers: { host } }, (response) => {
    response.resume();
    resolve(response.statusCode);
  })
    .on('error', reject)
    .end();
  return promise;
}

describe('the console API', () => {
  it('says what this cloud is', async () => {
    const { url } = await serve();
    expect(await read(`${url}/_skein/api/about`)).toEqual({
      version: '1.2.3',
      account: '000000000000',
      region: 'us-east-1',
      endpoint: url,
      clock: 'virtual',
      now: 1000,
      folder: null,
      node: process.versions.node,
    });
  });

  it('lists stacks with their outputs, and all pages of their resources', async () => {
    const { url } = await serve();
    expect(await read(`${url}/_skein/api/stacks`)).toMatchObject([
      {
        name: 'Shop',
        status: 'CREATE_COMPLETE',
        createdAt: 5,
        outputs: [{ name: 'Url', value: 'http://127.0.0.1:50000' }],
      },
    ]);
    expect(await read(`${url}/_skein/api/stacks/Shop/resources`)).toMatchObject([
      { logicalId: 'Worker', type: 'AWS::Lambda::Function', logGroup: '/shop/worker' },
      { logicalId: 'Orders', type: 'AWS::DynamoDB::Table', logGroup: null },
    ]);
  });

  it('answers 404 with the reason for a stack that does not exist', async () => {
    const { url } = await serve();
    const response = await fetch(`${url}/_skein/api/stacks/Nope/resources`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: 'Stack with id Nope does not exist' });
  });

  it('gives hops newest first, page by page', async () => {
    const { url, trace } = await serve();
    for (const operation of ['A', 'B', 'C']) trace.end(hop(trace, 0, operation), 'ok');
    expect(await read(`${url}/_skein/api/hops?limit=2`)).toMatchObject({
      hops: [{ operation: 'C' }, { operation: 'B' }],
      next: 2,
    });
    expect(await read(`${url}/_skein/api/hops?limit=2&before=2`)).toMatchObject({
      hops: [{ operation: 'A' }],
      next: null,
    });
  });

  it('gives the whole tree of causes from any of its hops', async () => {
    const { url, trace } = await serve();
    const root = hop(trace, 0, 'root');
    const left = hop(trace, root.id, 'left');
    hop(trace, 0, 'other');
    const leaf = hop(trace, left.id, 'leaf');
    expect(await read(`${url}/_skein/api/hops/${leaf.id}/tree`)).toMatchObject({
      hop: { operation: 'root' },
      caused: [{ hop: { operation: 'left' }, caused: [{ hop: { operation: 'leaf' }, caused: [] }] }],
    });
  });

  it('answers 404 for a path that it does not have', async () => {
    const { url } = await serve();
    for (const path of ['nope', 'hops/99/tree', 'stacks/Shop/nope', 'about/more']) {
      expect((await fetch(`${url}/_skein/api/${path}`)).status, path).toBe(404);
    }
  });

  it('refuses a host name that a stranger could point at this machine', async () => {
    const { url } = await serve();
    expect(await statusUnder(`${url}/_skein/api/about`, 'evil.example:4566')).toBe(403);
    expect(await statusUnder(`${url}/_skein/api/about`, '127.0.0.1.evil.example')).toBe(403);
    expect(await statusUnder(`${url}/_skein/api/about`, 'localhost:4566')).toBe(200);
    expect(await statusUnder(`${url}/_skein/api/about`, '[::1]:4566')).toBe(200);
  });

  it('leaves every other path to AWS', async () => {
    const { url } = await serve();
    for (const path of ['/', '/_skeinny', '/2015-03-31/functions/']) {
      expect(await (await fetch(url + path)).text(), path).toBe('an AWS answer');
    }
  });

  it('shows the page to a browser that opens the bare address', async () => {
    const { url } = await serve();
    const response = await fetch(url, { headers: { accept: 'text/html' }, redirect: 'manual' });
    expect(response.headers.get('location')).toBe('/_skein/');
  });
});

describe('the event stream', () => {
  it('sends stacks, the latest lines of a group, and hops as they end', async () => {
    const lines = [{ timestamp: 1, eventId: 'e1', message: 'first' }];
    const { url, trace } = await serve({ aws: awsWith(lines) });
    const events = await follow(`${url}/_skein/api/events?group=/shop/worker`);
    expect(await events.next('stacks')).toMatchObject([{ name: 'Shop' }]);
    expect(await events.next('logs')).toMatchObject([{ message: 'first' }]);
    trace.end(hop(trace, 0, 'A'), 'ok');
    expect(await events.next('hops')).toMatchObject({ hops: [{ operation: 'A', outcome: 'ok' }], missed: 0 });
    lines.push({ timestamp: 2, eventId: 'e2', message: 'second' });
    expect(await events.next('logs')).toMatchObject([{ message: 'second' }]);
  });

  it('counts hops that come faster than a page can show them', async () => {
    const { url, trace } = await serve();
    const events = await follow(`${url}/_skein/api/events`);
    await events.next('stacks');
    for (let count = 0; count < 500; count++) trace.end(hop(trace, 0, 'A'), 'ok');
    const { hops, missed } = await events.next('hops');
    expect([hops.length, missed]).toEqual([200, 300]);
  });
});

describe('the page', () => {
  it('is served from its folder, and nothing else is', async () => {
    const page = mkdtempSync(join(tmpdir(), 'skein-page-'));
    open.push(() => rmSync(page, { recursive: true }));
    writeFileSync(join(page, 'index.html'), '<p>hello');
    const { url } = await serve({ page });
    const response = await fetch(`${url}/_skein`);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).toBe('<p>hello');
    for (const path of ['nope.js', '..%2Fsecret.js', '.hidden.js', 'index']) {
      expect((await fetch(`${url}/_skein/${path}`)).status, path).toBe(404);
    }
  });
});

/** Reads an event stream; `next` gives the data of the next event of a name. */
async function follow(url: string) {
  const controller = new AbortController();
  open.push(() => controller.abort());
  const { body } = await fetch(url, { signal: controller.signal });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async <Name extends keyof ConsoleEvents>(name: Name): Promise<ConsoleEvents[Name]> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end < 0) {
        text += (await reader?.read())?.value ?? '';
        continue;
      }
      const [, found, data] = /^event: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      if (found === name && data !== undefined) return JSON.parse(data);
    }
  };
  return { next };
}
