import { QueueDoesNotExist, SQS } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../cloud.ts';

const START = new Date('2026-03-01T12:00:00Z');

let cloud: Cloud;
let sqs: SQS;
let QueueUrl: string;

beforeEach(async () => {
  cloud = await startCloud({ clock: 'virtual', now: START, seed: 1 });
  sqs = cloud.client(SQS);
  QueueUrl = await create('orders');
});

afterEach(async () => {
  sqs.destroy();
  await cloud[Symbol.asyncDispose]();
});

async function create(QueueName: string, Attributes?: Record<string, string>): Promise<string> {
  return (await sqs.createQueue({ QueueName, Attributes })).QueueUrl ?? '';
}

const send = (MessageBody: string, more: Partial<Parameters<SQS['sendMessage']>[0]> = {}) =>
  sqs.sendMessage({ QueueUrl, MessageBody, ...more });

async function receive(more: Partial<Parameters<SQS['receiveMessage']>[0]> = {}) {
  const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10, ...more });
  return Messages;
}

const bodies = async (more: Partial<Parameters<SQS['receiveMessage']>[0]> = {}) =>
  (await receive(more)).map(({ Body }) => Body);

async function counts(url = QueueUrl): Promise<number[]> {
  const names = [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesDelayed',
  ] as const;
  const { Attributes = {} } = await sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: [...names] });
  return names.map((name) => Number(Attributes[name]));
}

describe('a standard queue', () => {
  it('gives what was sent, hides it, and forgets it when it is deleted', async () => {
    expect(await send('first')).toMatchObject({ MD5OfMessageBody: '8b04d5e3775d298e78455efc5ca404d5' });
    const [message] = await receive();
    expect(message).toMatchObject({ Body: 'first', MD5OfBody: '8b04d5e3775d298e78455efc5ca404d5' });
    expect(await receive()).toEqual([]);
    await sqs.deleteMessage({ QueueUrl, ReceiptHandle: message?.ReceiptHandle });
    await cloud.clock.advance('1 minute');
    expect(await receive()).toEqual([]);
    expect(await counts()).toEqual([0, 0, 0]);
  });

  it('gives a message again when its visibility timeout has passed', async () => {
    await send('first');
    await receive({ VisibilityTimeout: 10 });
    await cloud.clock.advance(9_999);
    expect(await receive()).toEqual([]);
    await cloud.clock.advance(1);
    const [message] = await receive({ MessageSystemAttributeNames: ['All'] });
    expect(message?.Attributes).toEqual({
      SenderId: '000000000000',
      SentTimestamp: String(START.getTime()),
      ApproximateReceiveCount: '2',
      ApproximateFirstReceiveTimestamp: String(START.getTime()),
    });
  });

  it('says which queue is not there', async () => {
    const error = await sqs
      .sendMessage({ QueueUrl: `${cloud.url}/000000000000/none`, MessageBody: 'x' })
      .catch((e) => e);
    expect(error).toBeInstanceOf(QueueDoesNotExist);
    expect(error).toMatchObject({ message: 'The specified queue does not exist.' });
  });

  it('counts what is visible, in flight and delayed', async () => {
    await send('a');
    await send('b', { DelaySeconds: 5 });
    await send('c');
    await receive({ MaxNumberOfMessages: 1 });
    expect(await counts()).toEqual([1, 1, 1]);
    await cloud.clock.advance('5 s');
    expect(await counts()).toEqual([2, 1, 0]);
    await cloud.clock.advance('25 s');
    expect(await counts()).toEqual([3, 0, 0]);
    expect(await bodies()).toEqual(['c', 'b', 'a']);
  });
});
