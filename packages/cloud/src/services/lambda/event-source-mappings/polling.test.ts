import { describe, expect, it } from 'vitest';
import { reporting, START, startMapped } from './test/mapped.ts';

const NOTHING = 'exports.handler = async () => {};';
const FAILING = "exports.handler = async () => { throw new Error('always'); };";

describe('a mapping of a queue', () => {
  it('runs the function with the messages as AWS shows them, and deletes them', async () => {
    await using tested = await startMapped();
    const { sqs, lambda, cloud } = tested;
    const results = await tested.queue('results');
    const orders = await tested.queue('orders');
    await tested.create('shows', reporting(results.url));
    await lambda.createEventSourceMapping({ FunctionName: 'shows', EventSourceArn: orders.arn });
    const { MessageId, MD5OfMessageAttributes } = await sqs.sendMessage({
      QueueUrl: orders.url,
      MessageBody: 'hello',
      MessageAttributes: {
        Title: { DataType: 'String', StringValue: 'The Whistler' },
        Cover: { DataType: 'Binary', BinaryValue: Buffer.from('png') },
      },
    });
    await cloud.settle();
    const [record] = JSON.parse((await tested.bodies(results.url))[0] ?? '[]') as unknown[];
    expect(record).toEqual({
      messageId: MessageId,
      receiptHandle: expect.stringMatching(/^AQEB/),
      body: 'hello',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: String(START),
        SenderId: expect.any(String),
        ApproximateFirstReceiveTimestamp: String(START),
      },
      messageAttributes: {
        Title: { stringValue: 'The Whistler', stringListValues: [], binaryListValues: [], dataType: 'String' },
        Cover: { binaryValue: 'cG5n', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
      },
      md5OfMessageAttributes: MD5OfMessageAttributes,
      md5OfBody: '5d41402abc4b2a76b9719d911017c592',
      eventSource: 'aws:sqs',
      eventSourceARN: orders.arn,
      awsRegion: 'us-east-1',
    });
    await cloud.clock.advance('1 hour');
    expect(tested.batches('shows')).toEqual([{ at: 0, size: 1, outcome: 'ok' }]);
  });

  it('belongs to the call that sent the message', async () => {
    await using tested = await startMapped();
    const { sqs, lambda, cloud } = tested;
    const { url, arn } = await tested.queue('orders');
    await tested.create('works', NOTHING);
    await lambda.createEventSourceMapping({ FunctionName: 'works', EventSourceArn: arn });
    await cloud.settle();
    await sqs.sendMessage({ QueueUrl: url, MessageBody: 'hello' });
    await cloud.settle();
    const hops = cloud.trace.all();
    const sent = hops.find(({ operation }) => operation === 'SendMessage');
    const ran = hops.find(({ note }) => note?.startsWith('a batch of 1'));
    const deleted = hops.find(({ operation }) => operation === 'DeleteMessageBatch');
    expect(ran).toMatchObject({ cause: sent?.id, target: 'works.0', principal: 'lambda.amazonaws.com' });
    expect(deleted).toMatchObject({ cause: ran?.id, principal: 'lambda.amazonaws.com' });
  });

  it('finds the messages that were there before it', async () => {
    await using tested = await startMapped();
    const { url, arn } = await tested.queue('orders');
    await tested.send(url, 25);
    await tested.create('works', NOTHING);
    await tested.lambda.createEventSourceMapping({ FunctionName: 'works', EventSourceArn: arn });
    await tested.cloud.settle();
    expect(tested.batches('works').map(({ size }) => size)).toEqual([10, 10, 5]);
  });

  it('tries a failing batch again when its messages are visible again, until they are dead letters', async () => {
    await using tested = await startMapped();
    const dead = await tested.queue('dead');
    const { url, arn } = await tested.queue('orders', {
      VisibilityTimeout: '30',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 3 }),
    });
    await tested.create('fails', FAILING);
    await tested.lambda.createEventSourceMapping({ FunctionName: 'fails', EventSourceArn: arn });
    await tested.send(url, 2);
    await tested.cloud.settle({ advance: true });
    expect(tested.batches('fails')).toEqual([
      { at: 0, size: 2, outcome: 'Unhandled' },
      { at: 30, size: 2, outcome: 'Unhandled' },
      { at: 60, size: 2, outcome: 'Unhandled' },
    ]);
    expect((await tested.bodies(dead.url)).sort()).toEqual(['{"n":0}', '{"n":1}']);
  });

  it('loses nothing when messages are doubled, lost on the way and functions die', async () => {
    await using tested = await startMapped({ seed: 3 });
    const results = await tested.queue('results');
    const { url, arn } = await tested.queue('orders');
    // Of what it has reported, a process dies at every fourth batch before its answer.
    await tested.create('dies', `let runs = 0; ${reporting(results.url, 'if (++runs % 4 === 0) process.exit(1);')}`);
    await tested.lambda.createEventSourceMapping({ FunctionName: 'dies', EventSourceArn: arn, BatchSize: 2 });
    using _twice = tested.cloud.faults.duplicate(arn, { rate: 0.3 });
    using _lost = tested.cloud.faults.drop(arn, { rate: 0.2 });
    await tested.send(url, 60);
    await tested.cloud.settle({ advance: true });
    const seen = new Set<string>();
    for (let events = await tested.bodies(results.url); events.length > 0; events = await tested.bodies(results.url)) {
      for (const event of events) {
        for (const { body } of JSON.parse(event) as { readonly body: string }[]) seen.add(body); // an event
      }
    }
    expect(seen.size).toBe(60);
    expect(tested.batches('dies').some(({ outcome }) => outcome === 'Unhandled')).toBe(true);
    const { Attributes } = await tested.sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: ['All'] });
    expect(Attributes).toMatchObject({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' });
  });
});
