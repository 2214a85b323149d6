import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { InvokeWithResponseStreamResponseEvent } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LambdaCloud, startLambda } from '../test/lambda.ts';

let tested: LambdaCloud;
/** What functions wait for: a request to it is answered when the test says so. */
const held: ServerResponse[] = [];
let onHeld: (() => void) | undefined;
const gate = createServer((_request, response) => {
  held.push(response);
  onHeld?.();
});

beforeAll(async () => {
  tested = await startLambda();
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  gate.closeAllConnections();
  gate.close();
  await tested[Symbol.asyncDispose]();
});

const isHeld = (): Promise<void> =>
  held.length > 0 ? Promise.resolve() : new Promise<void>((resolve) => (onHeld = resolve));

function release(): void {
  for (const response of held.splice(0)) response.end();
}

const WAIT = "await fetch(process.env.GATE, { headers: { connection: 'close' } });";

async function create(name: string, body: string): Promise<void> {
  const source = `exports.handler = awslambda.streamifyResponse(async (event, stream) => { ${body} });`;
  const GATE = `http://127.0.0.1:${(gate.address() as AddressInfo).port}`; // it listens on a port
  await tested.create(name, source, { Environment: { Variables: { GATE } } });
}

async function open(name: string, body: string): Promise<string> {
  await create(name, body);
  const { FunctionUrl = '' } = await tested.lambda.createFunctionUrlConfig({
    FunctionName: name,
    AuthType: 'NONE',
    InvokeMode: 'RESPONSE_STREAM',
  });
  return FunctionUrl;
}

const PRELUDE = "stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'x-a': '1' } });";

/** Reads pieces of an answer until they have this text. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, text: string): Promise<void> {
  for (let read = ''; !read.endsWith(text); ) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the answer ended after ${JSON.stringify(read)}`);
    read += new TextDecoder().decode(value);
  }
}

function readerOf({ body }: Response): ReadableStreamDefaultReader<Uint8Array> {
  if (body === null) throw new Error('there is no body');
  return body.getReader();
}

describe('a streamed answer behind a function URL', () => {
  it('arrives piece by piece, while the function still runs', async () => {
    const url = await open(
      'pieces',
      `${PRELUDE} stream.write('one'); ${WAIT} stream.write('two'); ${WAIT} stream.end('three');`,
    );
    const response = await fetch(url);
    const reader = readerOf(response);
    expect([response.status, response.headers.get('x-a')]).toEqual([201, '1']);
    await readUntil(reader, 'one');
    await isHeld();
    release();
    await readUntil(reader, 'two');
    await isHeld();
    release();
    await readUntil(reader, 'three');
    expect((await reader.read()).done).toBe(true);
  });

  it('has its head before the first piece, and the type that was set without a head', async () => {
    const headed = await open('head', `${PRELUDE} stream.write(''); ${WAIT} stream.end('late');`);
    const response = await fetch(headed);
    expect(response.status).toBe(201);
    await isHeld();
    release();
    expect(await response.text()).toBe('late');

    const typed = await open('typed', "stream.setContentType('text/x-mine'); stream.write('a'); stream.end('b');");
    const plain = await fetch(typed);
    expect([plain.status, plain.headers.get('content-type'), await plain.text()]).toEqual([200, 'text/x-mine', 'ab']);
  });

  it.each([
    ['throws', `stream.write('one'); ${WAIT} throw new Error('secret');`],
    ['destroys its stream', `stream.write('one'); ${WAIT} stream.destroy(new Error('secret'));`],
    [
      'has an error that nobody catches',
      `stream.write('one'); ${WAIT} setTimeout(() => { throw new Error('secret'); }); await new Promise(() => undefined);`,
    ],
    ['exits', `stream.write('one'); ${WAIT} process.exit(1);`],
  ])('is cut off when the function %s midway', async (what, body) => {
    const url = await open(`broken-${what.replaceAll(' ', '-')}`, `${PRELUDE} ${body}`);
    const reader = readerOf(await fetch(url));
    await readUntil(reader, 'one');
    await isHeld();
    release();
    await expect(reader.read()).rejects.toThrow('terminated');
  });

  it('is 502 when the function fails before it wrote anything, or its head is none', async () => {
    const early = await fetch(await open('early', "throw new Error('secret');"));
    expect([early.status, await early.text()]).toEqual([502, 'Internal Server Error']);
    const type = 'application/vnd.awslambda.http-integration-response';
    const wrong = await fetch(await open('wrong', `stream.setContentType('${type}'); stream.end('no head');`));
    expect([wrong.status, await wrong.text()]).toEqual([502, 'Internal Server Error']);
  });

  it('of any size arrives whole, at the pace of its reader', async () => {
    const url = await open(
      'large',
      `${PRELUDE} for (let index = 0; index < 400; index++) if (!stream.write(Buffer.alloc(65536, index))) await new Promise((resolve) => stream.once('drain', resolve)); stream.end();`,
    );
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
    expect(bytes.length).toBe(400 * 65_536);
    expect([bytes[0], bytes[65_536 * 300 + 5], bytes.at(-1)]).toEqual([0, 300 % 256, 399 % 256]);
  });

  it.each(['nodejs20.x', 'nodejs22.x', 'nodejs24.x'] as const)(
    'comes from the same environment again, of %s',
    async (Runtime) => {
      const name = `again-${Runtime.replace('.', '-')}`;
      const url = await open(
        name,
        `${PRELUDE} globalThis.count = (globalThis.count ?? 0) + 1; stream.write(String(count)); stream.end();`,
      );
      await tested.lambda.updateFunctionConfiguration({ FunctionName: name, Runtime });
      const counts: string[] = [];
      for (let round = 0; round < 3; round++) {
        counts.push(await (await fetch(url)).text());
        await tested.cloud.settle();
      }
      expect(counts).toEqual(['1', '2', '3']);
    },
  );

  it('does not hold the function up when its reader has gone, or wants no body', async () => {
    const url = await open('gone', `${PRELUDE} ${WRITE_MUCH} await fetch(process.env.GATE); stream.end();`);
    await fetch(url, { method: 'HEAD' });
    await isHeld();
    release();
    const { body } = await fetch(url);
    await body?.cancel();
    await isHeld();
    release();
  });
});

const WRITE_MUCH =
  "for (let index = 0; index < 100; index++) if (!stream.write(Buffer.alloc(65536))) await new Promise((resolve) => stream.once('drain', resolve));";

describe('InvokeWithResponseStream', () => {
  it('gives each piece as it is written', async () => {
    await create('evented', `stream.write('one'); ${WAIT} stream.end('two');`);
    const { EventStream = [] } = await tested.lambda.invokeWithResponseStream({ FunctionName: 'evented' });
    const pieces: string[] = [];
    let end: unknown;
    for await (const { PayloadChunk, InvokeComplete } of EventStream) {
      if (PayloadChunk?.Payload !== undefined) {
        pieces.push(Buffer.from(PayloadChunk.Payload).toString());
        if (pieces.length === 1) {
          await isHeld();
          release();
        }
      }
      if (InvokeComplete !== undefined) end = InvokeComplete.ErrorCode;
    }
    expect([pieces, end]).toEqual([['one', 'two'], undefined]);
  });

  it('says at its end what the function failed with midway', async () => {
    await create('failing', "stream.write('one'); throw new TypeError('wrong');");
    const { EventStream = [] } = await tested.lambda.invokeWithResponseStream({ FunctionName: 'failing' });
    const events: InvokeWithResponseStreamResponseEvent[] = [];
    for await (const event of EventStream) events.push(event);
    expect(events.map((event) => Object.keys(event))).toEqual([['PayloadChunk'], ['InvokeComplete']]);
    expect(events[1]?.InvokeComplete?.ErrorCode).toBe('Unhandled');
    expect(JSON.parse(events[1]?.InvokeComplete?.ErrorDetails ?? '')).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'wrong',
    });
  });

  it('is what Invoke gathers', async () => {
    const { Payload } = await tested.lambda.invoke({ FunctionName: 'failing' });
    expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toMatchObject({ errorType: 'TypeError' });
    await create('gathered', "stream.write('one'); stream.end('two');");
    const whole = await tested.lambda.invoke({ FunctionName: 'gathered' });
    expect(Buffer.from(whole.Payload ?? []).toString()).toBe('onetwo');
  });
});
