import { describe, expect, it } from 'vitest';
import { failuresOf } from './batchResponse.ts';
import { reporting, startMapped } from './test/mapped.ts';

/** Reports as failed what its messages ask for, so often as they say: `{"n":1,"failures":2}`. */
const PARTIAL = `
const seen = new Map();
exports.handler = async ({ Records }) => ({
  batchItemFailures: Records.filter(({ messageId, body }) => {
    const runs = (seen.get(messageId) ?? 0) + 1;
    seen.set(messageId, runs);
    return runs <= (JSON.parse(body).failures ?? 0);
  }).map(({ messageId }) => ({ itemIdentifier: messageId })),
});`;

const answer = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

describe('the failures that a function reports', () => {
  const ids = new Set(['a', 'b']);

  it.each([[null], [''], [{}], [{ other: 1 }], [{ batchItemFailures: null }], [{ batchItemFailures: [] }]])(
    'are none with %j',
    (value) => {
      expect(failuresOf(answer(value), ids)).toEqual(new Set());
    },
  );

  it.each([
    ['done'],
    [1],
    [[]],
    [{ batchItemFailures: 'a' }],
    [{ batchItemFailures: ['a'] }],
    [{ batchItemFailures: [{ foo: 'a' }] }],
    [{ batchItemFailures: [{ itemIdentifier: '' }] }],
    [{ batchItemFailures: [{ itemIdentifier: null }] }],
    [{ batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'unknown' }] }],
  ])('are all with %j', (value) => {
    expect(failuresOf(answer(value), ids)).toBe('all');
  });

  it('are none when it answers nothing, and all when it answers no JSON', () => {
    expect(failuresOf(Buffer.alloc(0), ids)).toEqual(new Set());
    expect(failuresOf(Buffer.from('{not'), ids)).toBe('all');
  });

  it('are those that it names', () => {
    expect(failuresOf(answer({ batchItemFailures: [{ itemIdentifier: 'b' }] }), ids)).toEqual(new Set(['b']));
  });
});

describe('a partial failure', () => {
  it('brings back only what failed, until it is a dead letter', async () => {
    await using tested = await startMapped();
    const dead = await tested.queue('dead');
    const { url, arn } = await tested.queue('orders', {
      VisibilityTimeout: '30',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 3 }),
    });
    await tested.create('partial', PARTIAL);
    await tested.lambda.createEventSourceMapping({
      FunctionName: 'partial',
      EventSourceArn: arn,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    const bodies = ['{"n":0}', '{"n":1,"failures":1}', '{"n":2,"failures":9}', '{"n":3}'];
    const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    await tested.sqs.sendMessageBatch({ QueueUrl: url, Entries });
    await tested.cloud.settle({ advance: true });
    expect(tested.batches('partial')).toEqual([
      { at: 0, size: 4, outcome: 'ok' },
      { at: 30, size: 2, outcome: 'ok' },
      { at: 60, size: 1, outcome: 'ok' },
    ]);
    expect(await tested.bodies(dead.url)).toEqual(['{"n":2,"failures":9}']);
    const { Attributes } = await tested.sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: ['All'] });
    expect(Attributes).toMatchObject({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' });
  });

  it('counts as success when the mapping does not ask for it', async () => {
    await using tested = await startMapped();
    const { url, arn } = await tested.queue('orders');
    await tested.create('partial', PARTIAL);
    await tested.lambda.createEventSourceMapping({ FunctionName: 'partial', EventSourceArn: arn });
    await tested.sqs.sendMessage({ QueueUrl: url, MessageBody: '{"failures":9}' });
    await tested.cloud.settle({ advance: true });
    expect(tested.batches('partial')).toHaveLength(1);
  });
});

describe('a FIFO queue', () => {
  const orders = { FifoQueue: 'true', ContentBasedDeduplication: 'true', VisibilityTimeout: '30' };

  it('gives the messages of a group one batch after the other, also when one fails, and groups side by side', async () => {
    await using tested = await startMapped();
    const results = await tested.queue('results.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    const { url, arn } = await tested.queue('orders.fifo', orders);
    await tested.create(
      'ordered',
      `
const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
const sqs = new SQSClient({});
exports.handler = async ({ Records }) => {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const [{ body, attributes }] = Records;
  if (body === 'a2' && attributes.ApproximateReceiveCount === '1') throw new Error('not yet');
  await sqs.send(new SendMessageCommand({ QueueUrl: '${results.url}', MessageBody: body, MessageGroupId: 'all' }));
};`,
    );
    await tested.lambda.createEventSourceMapping({ FunctionName: 'ordered', EventSourceArn: arn, BatchSize: 1 });
    for (const MessageBody of ['a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'c1']) {
      await tested.sqs.sendMessage({ QueueUrl: url, MessageBody, MessageGroupId: MessageBody.slice(0, 1) });
    }
    await tested.cloud.settle({ advance: true });
    const done = await tested.bodies(results.url);
    expect(done.filter((body) => body.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(done.filter((body) => body.startsWith('b'))).toEqual(['b1', 'b2', 'b3']);
    const runs = tested.batches('ordered').map(({ at, outcome }) => `${at} ${outcome}`);
    expect(runs.sort()).toEqual(['0 ok', '0 ok', '0 ok', '1 Unhandled', '1 ok', '2 ok', '31 ok', '32 ok']);
  });

  it('shows the group, the deduplication id and the sequence number', async () => {
    await using tested = await startMapped();
    const results = await tested.queue('results');
    const { url, arn } = await tested.queue('orders.fifo', orders);
    await tested.create('shows', reporting(results.url));
    await tested.lambda.createEventSourceMapping({ FunctionName: 'shows', EventSourceArn: arn });
    const { SequenceNumber } = await tested.sqs.sendMessage({
      QueueUrl: url,
      MessageBody: 'x',
      MessageGroupId: 'g',
      MessageDeduplicationId: 'd',
    });
    await tested.cloud.settle();
    const [record] = JSON.parse((await tested.bodies(results.url))[0] ?? '[]') as unknown[];
    expect(record).toMatchObject({
      attributes: { MessageGroupId: 'g', MessageDeduplicationId: 'd', SequenceNumber },
    });
  });
});
