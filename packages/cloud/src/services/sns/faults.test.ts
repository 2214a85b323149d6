import { SQS } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type SnsCloud, startSns } from './test/snsCloud.ts';

let test: SnsCloud;
let sqs: SQS;
let TopicArn: string;

beforeEach(async () => {
  test = await startSns({ seed: 5 });
  sqs = new SQS(test.cloud.clientConfiguration);
  TopicArn = await test.topic();
});

afterEach(async () => {
  sqs.destroy();
  await test[Symbol.asyncDispose]();
});

const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

async function subscribed(QueueName: string, more: Record<string, string> = {}, topic = TopicArn): Promise<void> {
  await sqs.createQueue({ QueueName, Attributes: QueueName.endsWith('.fifo') ? { FifoQueue: 'true' } : {} });
  const Attributes = { RawMessageDelivery: 'true', ...more };
  await test.sns.subscribe({ TopicArn: topic, Protocol: 'sqs', Endpoint: arnOf(QueueName), Attributes });
}

async function bodies(name: string): Promise<(string | undefined)[]> {
  const all: (string | undefined)[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.receiveMessage({
      QueueUrl: `${test.cloud.url}/000000000000/${name}`,
      MaxNumberOfMessages: 10,
    });
    if (Messages.length === 0) return all;
    all.push(...Messages.map(({ Body }) => Body));
  }
}

const publish = async (...messages: string[]): Promise<void> => {
  for (const Message of messages) await test.sns.publish({ TopicArn, Message });
};

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

it('delivers messages twice, each subscription by itself', async () => {
  await subscribed('a');
  await subscribed('b');
  test.cloud.faults.duplicate(TopicArn, { rate: 0.5 });
  await publish(...DIGITS);
  await test.cloud.settle();
  const [a, b] = [await bodies('a'), await bodies('b')];
  for (const each of [a, b]) {
    expect(each.length).toBeGreaterThan(10);
    expect(each.length).toBeLessThan(20);
    expect([...new Set(each)].toSorted()).toEqual(DIGITS);
  }
  expect(a).not.toEqual(b);
  const doubled = test.cloud.trace.of(TopicArn).filter(({ outcome }) => outcome === 'duplicate');
  expect(doubled).toHaveLength(a.length + b.length - 20);
});

it('delays messages', async () => {
  await subscribed('a');
  test.cloud.faults.delay(TopicArn, '10 s', { times: 1 });
  await publish('late', 'early');
  await test.cloud.settle();
  expect(await bodies('a')).toEqual(['early']);
  await test.cloud.clock.advance('10 s');
  expect(await bodies('a')).toEqual(['late']);
});

it('reorders messages, and loses none', async () => {
  await subscribed('a');
  test.cloud.faults.reorder(TopicArn, { rate: 0.5 });
  await test.sns.publishBatch({ TopicArn, PublishBatchRequestEntries: DIGITS.map((Id) => ({ Id, Message: Id })) });
  await test.cloud.settle();
  const received = await bodies('a');
  expect(received).not.toEqual(DIGITS);
  expect(received.toSorted()).toEqual(DIGITS);
});

it('keeps the order of a FIFO topic', async () => {
  const topic = await test.topic('orders.fifo', { FifoTopic: 'true', ContentBasedDeduplication: 'true' });
  await subscribed('a.fifo', {}, topic);
  test.cloud.faults.reorder(topic);
  test.cloud.faults.duplicate(topic, { rate: 0.5 });
  test.cloud.faults.drop(topic, { rate: 0.3 });
  for (const Message of DIGITS) await test.sns.publish({ TopicArn: topic, Message, MessageGroupId: 'g' });
  await test.cloud.settle({ advance: true });
  expect(await bodies('a.fifo')).toEqual(DIGITS);
});

it('loses attempts, which are made again by the retry policy', async () => {
  await subscribed('a');
  // The first three retries are made at once.
  test.cloud.faults.drop(TopicArn, { times: 4 });
  await publish('x');
  await test.cloud.settle();
  expect(await bodies('a')).toEqual([]);
  await test.cloud.settle({ advance: true });
  expect(await bodies('a')).toEqual(['x']);
  expect(test.cloud.trace.of(TopicArn).filter(({ outcome }) => outcome === 'dropped')).toHaveLength(4);
});

it('throttles publishers', async () => {
  test.cloud.faults.throttle(TopicArn, { operation: 'Publish', times: 1 });
  await expect(publish('x')).rejects.toMatchObject({ name: 'Throttling' });
  await publish('x');
});
