import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cloud, type App as Deployed, startCloud } from '@skein/cloud';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Code, FunctionUrlAuthType, InvokeMode, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const SOURCE = `
  import api from '@skein/lambda/api';
  import { sendEvents } from '@skein/lambda/api/events';
  import { streamHandler } from '@skein/lambda/api/stream';
  import { get } from 'node:http';

  // Goes on when the client has asked for it, by another request.
  const asked = (name) => new Promise((resolve) => get(process.env.GATE + name, (response) => response.resume().on('end', resolve)));
  const app = api();
  app.get('/pieces', (req, res) => res.type('csv').stream((async function* () { yield 'one\\n'; await asked('pieces'); yield 'two\\n'; })()));
  app.get('/events', (req, res) => sendEvents(res, (async function* () { yield { event: 'step', data: { done: 1 } }; await asked('events'); yield { data: 'end' }; })()));
  app.get('/broken', (req, res) => res.stream((async function* () { yield 'one'; await asked('broken'); throw new Error('secret'); })()));
  app.get('/whole', () => ({ whole: true }));
  export const handler = streamHandler(app);`;

const RUNTIMES = { Twenty: Runtime.NODEJS_20_X, TwentyFour: Runtime.NODEJS_24_X };
const folder = mkdtempSync(join(tmpdir(), 'orders-api-streaming-'));
let cloud: Cloud;
let deployed: Deployed;

const waiting = new Map<string, ServerResponse>();
const open = new Set<string>();
/** The other request: it is answered when the test has asked for the next piece. */
const gate = createServer(({ url = '' }, response) => {
  if (open.delete(url)) response.end();
  else waiting.set(url, response);
});

/** Lets a stream go on, whether it waits for that already or will do so. */
function ask(name: string): void {
  const response = waiting.get(`/${name}`);
  waiting.delete(`/${name}`);
  if (response === undefined) open.add(`/${name}`);
  else response.end();
}

beforeAll(async () => {
  await build({
    stdin: { contents: SOURCE, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    outfile: join(folder, 'code', 'index.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    conditions: ['skein:source'],
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  const { port } = gate.address() as AddressInfo; // it listens on a port
  const app = new App({ outdir: join(folder, 'cdk.out') });
  const stack = new Stack(app, 'Streaming');
  for (const [name, runtime] of Object.entries(RUNTIMES)) {
    const handler = new LambdaFunction(stack, name, {
      runtime,
      handler: 'index.handler',
      code: Code.fromAsset(join(folder, 'code')),
      environment: { GATE: `http://127.0.0.1:${port}/` },
    });
    const url = handler.addFunctionUrl({
      authType: FunctionUrlAuthType.NONE,
      invokeMode: InvokeMode.RESPONSE_STREAM,
    });
    new CfnOutput(stack, `Url${name}`, { value: url.url });
  }
  cloud = await startCloud();
  deployed = await cloud.deploy(app);
}, 60_000);
afterAll(async () => {
  gate.closeAllConnections();
  gate.close();
  await cloud?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(Object.keys(RUNTIMES))('a function URL that streams, on Node %s,', (name) => {
  const request = (path: string): Promise<Response> => fetch(`${deployed.outputs[`Url${name}`]}${path}`);

  /** Reads an answer until it ends with a text; the rest of it is still to come. */
  async function begun(path: string, text: string) {
    const response = await request(path);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (reader === undefined) throw new Error('there is no body');
    let read = '';
    while (!read.endsWith(text)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`it ended after ${JSON.stringify(read)}`);
      read += value;
    }
    const rest = async (): Promise<string> => {
      let more = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return more;
        more += value;
      }
    };
    return { response, read, rest };
  }

  it('sends a piece before the next one is made', async () => {
    const { response, read, rest } = await begun('pieces', 'one\n');
    expect([response.status, response.headers.get('content-type'), read]).toEqual([200, 'text/csv', 'one\n']);
    ask('pieces');
    expect(await rest()).toBe('two\n');
  });

  it('sends an event before the next one is made', async () => {
    const { response, read, rest } = await begun('events', '\n\n');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(read).toBe('event: step\ndata: {"done":1}\n\n');
    ask('events');
    expect(await rest()).toBe('data: end\n\n');
  });

  it('cuts off what fails midway', async () => {
    const { rest } = await begun('broken', 'one');
    ask('broken');
    await expect(rest()).rejects.toThrow('terminated');
  });

  it('answers the rest as ever', async () => {
    expect(await (await request('whole')).json()).toEqual({ whole: true });
    expect((await request('nowhere')).status).toBe(404);
  });
});
