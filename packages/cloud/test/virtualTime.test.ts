import { connect } from 'node:net';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Cloud, type App as DeployedApp, startCloud } from '../src/index.ts';

let cloud: Cloud;
let app: DeployedApp;
let before: number;

const inline = (stack: Stack, id: string, code: string, environment: Record<string, string> = {}) =>
  new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    timeout: Duration.minutes(15),
    code: Code.fromInline(code),
    environment,
  });

beforeAll(async () => {
  cloud = await startCloud({ clock: 'virtual' });
  const source = new App();
  const stack = new Stack(source, 'Waiting');
  const queue = new Queue(stack, 'Queue');
  const sleeper = inline(
    stack,
    'Sleeper',
    `exports.handler = async ({ minutes }) => { const from = Date.now(); await new Promise((done) => setTimeout(done, minutes * 60_000)); return Date.now() - from; }`,
  );
  inline(
    stack,
    'Caller',
    `const { LambdaClient, InvokeCommand } = require('@aws-sdk/client-lambda');
     const client = new LambdaClient({});
     exports.handler = async (event) => {
       const { Payload } = await client.send(new InvokeCommand({ FunctionName: process.env.SLEEPER, Payload: JSON.stringify(event) }));
       return JSON.parse(Buffer.from(Payload).toString());
     }`,
    { SLEEPER: sleeper.functionName },
  );
  inline(
    stack,
    'Poller',
    `const { SQSClient, ReceiveMessageCommand } = require('@aws-sdk/client-sqs');
     const client = new SQSClient({});
     exports.handler = async () => {
       const from = Date.now();
       const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl: process.env.QUEUE, WaitTimeSeconds: 20 }));
       return { messages: Messages.map(({ Body }) => Body), waited: Date.now() - from };
     }`,
    { QUEUE: queue.queueUrl },
  );
  app = await cloud.deploy(source);
}, 60_000);
afterAll(() => cloud.stop());
beforeEach(() => {
  before = cloud.clock.now.getTime();
});

async function invoke(name: string, event: unknown = {}): Promise<unknown> {
  const { Payload, FunctionError } = await cloud
    .client(LambdaClient)
    .send(new InvokeCommand({ FunctionName: app.find(name).physicalId, Payload: JSON.stringify(event) }));
  expect(FunctionError).toBeUndefined();
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

const passed = () => cloud.clock.now.getTime() - before;

it('a function that sleeps for ten minutes is done at once', async () => {
  expect(await invoke('Sleeper', { minutes: 10 })).toBeGreaterThanOrEqual(600_000);
  expect(passed()).toBe(600_000);
});

it('so is one that waits for another that sleeps', async () => {
  expect(await invoke('Caller', { minutes: 5 })).toBeGreaterThanOrEqual(300_000);
  expect(passed()).toBe(300_000);
});

it('a long poll of a function on an empty queue ends after its twenty seconds, at once', async () => {
  expect(await invoke('Poller')).toEqual({ messages: [], waited: 20_000 });
  expect(passed()).toBe(20_000);
});

it('and ends without any time passing when there is a message', async () => {
  await cloud
    .client(SQSClient)
    .send(new SendMessageCommand({ QueueUrl: app.find('Queue').physicalId, MessageBody: 'here' }));
  expect(await invoke('Poller')).toEqual({ messages: ['here'], waited: 0 });
  expect(passed()).toBe(0);
});

it('an outside client that gives up a long poll takes no message with it', async () => {
  const QueueUrl = app.find('Queue').physicalId;
  const given = new AbortController();
  const { ReceiveMessageCommand } = await import('@aws-sdk/client-sqs');
  const poll = cloud
    .client(SQSClient)
    .send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), { abortSignal: given.signal })
    .catch((error: Error) => error.name);
  const hop = () => cloud.trace.of(app.resource('Queue')).at(-1);
  await expect.poll(() => hop()?.operation).toBe('ReceiveMessage');
  given.abort();
  expect(await poll).toBe('AbortError');
  await expect.poll(() => hop()?.outcome, { message: 'the cloud has seen it' }).toBe('ok');
  await cloud.client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: 'for another' }));
  expect(await invoke('Poller')).toEqual({ messages: ['for another'], waited: 0 });
});

it('a client that only ends its connection in a long poll takes no message with it', async () => {
  const QueueUrl = app.find('Queue').physicalId;
  const body = JSON.stringify({ QueueUrl, WaitTimeSeconds: 20 });
  const hops = () => cloud.trace.of(app.resource('Queue')).filter(({ operation }) => operation === 'ReceiveMessage');
  const before = hops().length;
  const socket = connect(Number(new URL(cloud.url).port), '127.0.0.1');
  socket.write(
    `POST / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-amz-target: AmazonSQS.ReceiveMessage\r\nauthorization: AWS4-HMAC-SHA256 Credential=test/20261124/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=00\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await expect.poll(() => hops().length).toBe(before + 1);
  socket.end();
  await expect.poll(() => hops().at(-1)?.outcome, { message: 'the cloud has seen it' }).toBe('ok');
  await cloud.client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: 'for another' }));
  expect(await invoke('Poller')).toEqual({ messages: ['for another'], waited: 0 });
});
