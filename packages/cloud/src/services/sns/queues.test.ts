import { SQS } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SnsCloud, startSns } from './test/snsCloud.ts';

let test: SnsCloud;
let sqs: SQS;
let TopicArn: string;

beforeEach(async () => {
  test = await startSns();
  sqs = new SQS({ ...test.cloud.clientConfiguration, maxAttempts: 1 });
  TopicArn = await test.topic();
});

afterEach(async () => {
  sqs.destroy();
  await test[Symbol.asyncDispose]();
});

const arnOf = (name: string, account = '000000000000') => `arn:aws:sqs:us-east-1:${account}:${name}`;
const urlOf = (name: string) => `${test.cloud.url}/000000000000/${name}`;

async function queue(name: string, Attributes: Record<string, string> = {}): Promise<void> {
  await sqs.createQueue({ QueueName: name, Attributes });
}

const subscribe = async (name: string, Attributes: Record<string, string> = {}, topic = TopicArn) =>
  (await test.sns.subscribe({ TopicArn: topic, Protocol: 'sqs', Endpoint: arnOf(name), Attributes })).SubscriptionArn;

async function messages(name: string) {
  await test.cloud.settle();
  const { Messages = [] } = await sqs.receiveMessage({
    QueueUrl: urlOf(name),
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
    MessageSystemAttributeNames: ['All'],
  });
  return Messages;
}

const MessageAttributes = {
  size: { DataType: 'Number', StringValue: '3' },
  bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(2, 3, 4) },
};

describe('a queue', () => {
  it('gets the envelope, written as AWS writes it', async () => {
    await queue('plain');
    const arn = await subscribe('plain');
    const { MessageId } = await test.sns.publish({ TopicArn, Message: 'ö', Subject: 's', MessageAttributes });
    const [{ Body = '', MessageAttributes: own } = {}] = await messages('plain');
    expect(own).toBeUndefined();
    expect(Body).toMatch(/^\{\n {2}"Type" : "Notification",\n {2}"MessageId" : /);
    const body = JSON.parse(Body) as Record<string, unknown>;
    expect(Object.keys(body)).toEqual([
      ...['Type', 'MessageId', 'TopicArn', 'Subject', 'Message', 'Timestamp', 'SignatureVersion', 'Signature'],
      ...['SigningCertURL', 'UnsubscribeURL', 'MessageAttributes'],
    ]);
    expect(body).toMatchObject({
      MessageId,
      Message: 'ö',
      UnsubscribeURL: expect.stringContaining(`SubscriptionArn=${arn}`),
      MessageAttributes: { size: { Type: 'Number', Value: '3' }, bytes: { Type: 'Binary', Value: 'AgME' } },
    });
  });

  it('gets the bare message with its attributes when it asks for that', async () => {
    await queue('raw');
    await subscribe('raw', { RawMessageDelivery: 'true' });
    await test.sns.publish({
      TopicArn,
      MessageStructure: 'json',
      Message: '{"default":"d","sqs":"q"}',
      MessageAttributes,
    });
    expect(await messages('raw')).toMatchObject([
      {
        Body: 'q',
        MessageAttributes: {
          size: { DataType: 'Number', StringValue: '3' },
          bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(2, 3, 4) },
        },
      },
    ]);
  });

  it('that is gone loses nothing when its subscription has a dead-letter queue, and no one else notices', async () => {
    await queue('dead');
    await queue('alive');
    await subscribe('gone', {
      RawMessageDelivery: 'true',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('dead') }),
    });
    await subscribe('alive', { RawMessageDelivery: 'true' });
    await test.sns.publish({ TopicArn, Message: 'm', MessageAttributes });
    expect(await messages('alive')).toMatchObject([{ Body: 'm' }]);
    expect(await messages('dead')).toMatchObject([{ Body: 'm', MessageAttributes: { size: { StringValue: '3' } } }]);
    const hops = test.cloud.trace.of(arnOf('gone'));
    expect(hops.find(({ operation }) => operation === 'Deliver')?.outcome).toMatch(
      /NonExistentQueue|QueueDoesNotExist/,
    );
    expect(test.cloud.trace.of(arnOf('dead'))).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ operation: 'DeliverDeadLetter', outcome: 'ok' })]),
    );
  });

  it('is sent to by the service itself, because of what was published', async () => {
    await queue('plain');
    await subscribe('plain', { RawMessageDelivery: 'true' });
    await test.sns.publish({ TopicArn, Message: 'm' });
    await test.cloud.settle();
    const all = test.cloud.trace.all();
    const sent = all.find(({ operation }) => operation === 'SendMessage');
    const delivered = all.find(({ operation }) => operation === 'Deliver');
    const published = all.find(({ operation }) => operation === 'Publish');
    expect(sent).toMatchObject({ principal: 'sns.amazonaws.com', cause: delivered?.id });
    expect(delivered).toMatchObject({ cause: published?.id, target: arnOf('plain'), outcome: 'ok' });
  });

  it('that throttles is tried again: three times at once, then later and later', async () => {
    await queue('busy');
    await subscribe('busy', { RawMessageDelivery: 'true' });
    const fault = test.cloud.faults.throttle(arnOf('busy'), { operation: 'SendMessage' });
    await test.sns.publish({ TopicArn, Message: 'm' });
    await test.cloud.clock.advance('2 seconds');
    fault[Symbol.dispose]();
    await test.cloud.settle({ advance: true });
    const hops = test.cloud.trace.all().filter(({ operation }) => operation === 'Deliver');
    const start = hops[0]?.at ?? 0;
    expect(hops.map(({ at }) => at - start).slice(0, 6)).toEqual([0, 0, 0, 0, 1000, 2000]);
    expect(hops.at(-1)?.outcome).toBe('ok');
    expect(await messages('busy')).toHaveLength(1);
  });
});

describe('a FIFO queue', () => {
  it('gets each group in order, once, whatever fails on the way', async () => {
    const topic = await test.topic('orders.fifo', { FifoTopic: 'true', ContentBasedDeduplication: 'true' });
    await queue('worker.fifo', { FifoQueue: 'true' });
    await subscribe('worker.fifo', { RawMessageDelivery: 'true' }, topic);
    const fault = test.cloud.faults.throttle(arnOf('worker.fifo'), { rate: 0.5, operation: 'SendMessage' });
    for (let n = 0; n < 8; n++) {
      await test.sns.publish({ TopicArn: topic, Message: `${n}`, MessageGroupId: n % 2 === 0 ? 'even' : 'odd' });
    }
    await test.sns.publish({ TopicArn: topic, Message: '0', MessageGroupId: 'even' });
    await test.cloud.settle({ advance: true });
    fault[Symbol.dispose]();
    const got = await messages('worker.fifo');
    const byGroup = Map.groupBy(got, ({ Attributes }) => Attributes?.['MessageGroupId']);
    expect(byGroup.get('even')?.map(({ Body }) => Body)).toEqual(['0', '2', '4', '6']);
    expect(byGroup.get('odd')?.map(({ Body }) => Body)).toEqual(['1', '3', '5', '7']);
  });

  it('gets an envelope with a number and without a signature', async () => {
    const topic = await test.topic('orders.fifo', { FifoTopic: 'true' });
    await queue('worker.fifo', { FifoQueue: 'true' });
    await subscribe('worker.fifo', {}, topic);
    const { SequenceNumber } = await test.sns.publish({
      TopicArn: topic,
      Message: 'm',
      MessageGroupId: 'g',
      MessageDeduplicationId: 'd',
    });
    const [{ Body = '', Attributes } = {}] = await messages('worker.fifo');
    expect(Attributes).toMatchObject({ MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    expect(JSON.parse(Body)).toMatchObject({ SequenceNumber, Message: 'm' });
    expect(JSON.parse(Body)).not.toHaveProperty('Signature');
  });
});

it('a queue of another account confirms by the token that it was sent', async () => {
  const credentials = { accessKeyId: '111111111111', secretAccessKey: 'test' };
  const theirs = new SQS({ ...test.cloud.clientConfiguration, credentials });
  const { QueueUrl } = await theirs.createQueue({ QueueName: 'theirs' });
  await test.sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: arnOf('theirs', '111111111111') });
  await test.cloud.settle();
  const receive = async () =>
    (await theirs.receiveMessage({ QueueUrl })).Messages?.map(({ Body = '' }) => JSON.parse(Body)) ?? [];
  const [{ Token }] = await receive();
  await test.sns.confirmSubscription({ TopicArn, Token });
  await test.sns.publish({ TopicArn, Message: 'across' });
  await test.cloud.settle();
  expect(await receive()).toMatchObject([{ Message: 'across' }]);
  theirs.destroy();
});
