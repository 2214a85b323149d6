import { SNS } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MappedCloud, startMapped } from './event-source-mappings/test/mapped.ts';
import { ARN } from './test/lambda.ts';
import { zipOf } from './test/zip.ts';

/** Sends a message to the queue for each that it gets. */
const sendsTo = (url: string): string => `
const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
const sqs = new SQSClient({});
exports.handler = async ({ Records = [{}] }) => {
  for (const _ of Records) await sqs.send(new SendMessageCommand({ QueueUrl: '${url}', MessageBody: 'again' }));
};`;

let tested: MappedCloud;
beforeEach(async () => {
  tested = await startMapped({ seed: 1 });
});
afterEach(() => tested[Symbol.asyncDispose]());

const runs = (name: string) =>
  tested.cloud.trace
    .of(`${ARN}:${name}`)
    .filter(({ note, operation }) => operation === 'Invoke' && /^(run|a batch of) \d/.test(note ?? ''))
    .map(({ outcome }) => outcome);

/** A message may be received before its queue has said that it came: its run counts for the one before. */
const expectAbout16 = ({ length }: readonly unknown[]): void => {
  expect(length).toBeGreaterThanOrEqual(16);
  expect(length).toBeLessThan(32);
};

/** A function `loop` whose messages come back to it. */
async function loop(): Promise<{ readonly url: string; readonly dead: string }> {
  const dead = await tested.queue('dead');
  const { url, arn } = await tested.queue('looped', {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }),
  });
  await tested.create('loop', sendsTo(url));
  await tested.lambda.createEventSourceMapping({ FunctionName: 'loop', EventSourceArn: arn });
  return { url, dead: dead.url };
}

describe('a function that sends itself messages', () => {
  it('runs about sixteen times in one chain, then its message goes to the dead-letter queue', async () => {
    const { url, dead } = await loop();
    await tested.sqs.sendMessage({ QueueUrl: url, MessageBody: 'first' });
    await tested.cloud.settle({ advance: true });
    expectAbout16(runs('loop').filter((outcome) => outcome === 'ok'));
    expect(runs('loop').filter((outcome) => outcome === 'dropped')).toHaveLength(2);
    expect(await tested.bodies(dead)).toEqual(['again']);
  });

  it('runs in a chain of its own for each message from outside', async () => {
    const { url } = await loop();
    await tested.lambda.updateFunctionCode({
      FunctionName: 'loop',
      ZipFile: zipOf('exports.handler = async () => {};'),
    });
    for (let n = 0; n < 20; n++) {
      await tested.sqs.sendMessage({ QueueUrl: url, MessageBody: 'once' });
      await tested.cloud.settle();
    }
    expect(runs('loop')).toEqual(Array.from({ length: 20 }, () => 'ok'));
  });

  it('goes on when it is allowed to', async () => {
    const { url } = await loop();
    await tested.lambda.putFunctionRecursionConfig({ FunctionName: 'loop', RecursiveLoop: 'Allow' });
    await tested.create('counts', stopsAfter(url, 20));
    await tested.lambda.putFunctionRecursionConfig({ FunctionName: 'counts', RecursiveLoop: 'Allow' });
    const [mapping] = (await tested.lambda.listEventSourceMappings({ FunctionName: 'loop' })).EventSourceMappings ?? [];
    await tested.lambda.deleteEventSourceMapping({ UUID: mapping?.UUID });
    await tested.lambda.createEventSourceMapping({
      FunctionName: 'counts',
      EventSourceArn: mapping?.EventSourceArn,
    });
    await tested.sqs.sendMessage({ QueueUrl: url, MessageBody: '0' });
    await tested.cloud.settle({ advance: true });
    expect(runs('counts')).toEqual(Array.from({ length: 20 }, () => 'ok'));
  });
});

/** Counts up in its messages, and stops. */
const stopsAfter = (url: string, most: number): string => `
const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
const sqs = new SQSClient({});
exports.handler = async ({ Records }) => {
  const next = Number(Records[0].body) + 1;
  if (next < ${most}) await sqs.send(new SendMessageCommand({ QueueUrl: '${url}', MessageBody: String(next) }));
};`;

it('stops functions that reach each other through a topic and a queue, and tells the destination', async () => {
  const sns = tested.cloud.client(SNS);
  const { TopicArn = '' } = await sns.createTopic({ Name: 'told' });
  const queue = await tested.queue('between');
  const lost = await tested.queue('lost');
  await tested.create(
    'publishes',
    `
const { SNSClient, PublishCommand } = require('@aws-sdk/client-sns');
const sns = new SNSClient({});
exports.handler = async () => { await sns.send(new PublishCommand({ TopicArn: '${TopicArn}', Message: 'on' })); };`,
  );
  await tested.create('sends', sendsTo(queue.url));
  await tested.lambda.createEventSourceMapping({ FunctionName: 'publishes', EventSourceArn: queue.arn });
  await sns.subscribe({ TopicArn, Protocol: 'lambda', Endpoint: `${ARN}:sends` });
  await tested.lambda.putFunctionEventInvokeConfig({
    FunctionName: 'sends',
    DestinationConfig: { OnFailure: { Destination: lost.arn } },
  });
  await sns.publish({ TopicArn, Message: 'first' });
  await tested.cloud.settle({ advance: true });
  expect(runs('sends').at(-1)).toBe('dropped');
  expectAbout16(runs('sends').filter((outcome) => outcome === 'ok'));
  const [record = '{}'] = await tested.bodies(lost.url);
  expect(JSON.parse(record)).toMatchObject({
    requestContext: { functionArn: `${ARN}:sends:$LATEST`, condition: 'RecursiveInvocationDropped' },
  });
  sns.destroy();
});

it('has a setting that is shown, checked and forgotten with the function', async () => {
  const { lambda } = tested;
  await tested.create('set');
  const get = () => lambda.getFunctionRecursionConfig({ FunctionName: 'set' });
  expect((await get()).RecursiveLoop).toBe('Terminate');
  expect((await lambda.putFunctionRecursionConfig({ FunctionName: 'set', RecursiveLoop: 'Allow' })).RecursiveLoop).toBe(
    'Allow',
  );
  expect((await get()).RecursiveLoop).toBe('Allow');
  await lambda.deleteFunction({ FunctionName: 'set' });
  await expect(get()).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Function not found: ${ARN}:set`,
  });
  await tested.create('set');
  expect((await get()).RecursiveLoop).toBe('Terminate');
  await expect(
    // A value that the SDK's type does not know.
    lambda.putFunctionRecursionConfig({ FunctionName: 'set', RecursiveLoop: 'Sometimes' as 'Allow' }),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      "1 validation error detected: Value 'Sometimes' at 'recursiveLoop' failed to satisfy constraint: Member must satisfy enum value set: [Terminate, Allow]",
  });
});
