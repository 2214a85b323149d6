import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Capacity } from '../../../kernel/queue-polling/capacity.ts';
import { Scaling } from '../../../kernel/queue-polling/scaling.ts';
import { reporting, START, startMapped } from './test/mapped.ts';

const NOTHING = 'exports.handler = async () => {};';
/** Takes a second of the cloud's time. */
const SLOW = 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 1000));';

const sizesOf = (batches: readonly { readonly size: number }[]): number[] => batches.map(({ size }) => size);
const sumOf = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);

/** How many runs went on at once, at most, by when each began and the second that it takes. */
function mostAtOnce(batches: readonly { readonly at: number }[]): number {
  return Math.max(0, ...batches.map(({ at }) => batches.filter((other) => other.at <= at && other.at + 1 > at).length));
}

describe('batches of a mapping', () => {
  it('are as large as the mapping says', async () => {
    await using tested = await startMapped();
    const { url, arn } = await tested.queue('orders');
    await tested.create('works', NOTHING);
    await tested.send(url, 7);
    await tested.lambda.createEventSourceMapping({ FunctionName: 'works', EventSourceArn: arn, BatchSize: 3 });
    await tested.cloud.settle();
    expect(sizesOf(tested.batches('works'))).toEqual([3, 3, 1]);
  });

  it('are gathered over the window, which is nothing to wait for', async () => {
    await using tested = await startMapped();
    const { url, arn } = await tested.queue('orders', { VisibilityTimeout: '60' });
    const results = await tested.queue('results');
    await tested.create('works', reporting(results.url));
    await tested.lambda.createEventSourceMapping({
      FunctionName: 'works',
      EventSourceArn: arn,
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 5,
    });
    await tested.cloud.settle();
    await tested.send(url, 15);
    await tested.cloud.settle();
    expect(tested.batches('works')).toEqual([]);
    await tested.cloud.clock.advance('3 seconds');
    await tested.send(url, 7);
    await tested.cloud.settle();
    expect(tested.batches('works')).toEqual([]);
    await tested.cloud.clock.advance('2 seconds');
    expect(tested.batches('works')).toEqual([{ at: 5, size: 22, outcome: 'ok' }]);
    const [event = ''] = await tested.bodies(results.url);
    const [record] = JSON.parse(event) as unknown[];
    expect(record).toMatchObject({ messageAttributes: {}, md5OfMessageAttributes: null });
  });

  it('do not wait for the end of the window when they are full, and the next has a window of its own', async () => {
    await using tested = await startMapped();
    const { url, arn } = await tested.queue('orders');
    await tested.create('works', NOTHING);
    await tested.lambda.createEventSourceMapping({
      FunctionName: 'works',
      EventSourceArn: arn,
      BatchSize: 20,
      MaximumBatchingWindowInSeconds: 5,
    });
    await tested.cloud.settle();
    await tested.send(url, 20);
    await tested.cloud.clock.advance('2 seconds');
    await tested.send(url, 3);
    await tested.cloud.settle({ advance: true });
    expect(tested.batches('works')).toEqual([
      { at: 0, size: 20, outcome: 'ok' },
      { at: 7, size: 3, outcome: 'ok' },
    ]);
  });

  it('are of at most 6 MB', async () => {
    await using tested = await startMapped();
    const { url, arn } = await tested.queue('orders');
    await tested.create('works', NOTHING);
    const MessageBody = 'x'.repeat(1_000_000);
    for (let sent = 0; sent < 8; sent++) await tested.sqs.sendMessage({ QueueUrl: url, MessageBody });
    await tested.lambda.createEventSourceMapping({ FunctionName: 'works', EventSourceArn: arn });
    await tested.cloud.settle();
    expect(sizesOf(tested.batches('works'))).toEqual([6, 2]);
    await tested.cloud.clock.advance('10 minutes');
    expect(tested.batches('works')).toHaveLength(2);
  });

  it('never run more at once than the maximum concurrency', async () => {
    await using tested = await startMapped();
    const { url, arn } = await tested.queue('orders');
    await tested.create('slow', SLOW);
    await tested.lambda.createEventSourceMapping({
      FunctionName: 'slow',
      EventSourceArn: arn,
      BatchSize: 5,
      ScalingConfig: { MaximumConcurrency: 5 },
    });
    await tested.send(url, 500);
    await tested.cloud.settle();
    const batches = tested.batches('slow');
    expect(sumOf(sizesOf(batches))).toBe(500);
    expect(mostAtOnce(batches)).toBe(5);
    expect(new Set(batches.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
  });

  it('count on while the mapping is changed', async () => {
    await using tested = await startMapped();
    const { url, arn } = await tested.queue('orders');
    await tested.create('slow', SLOW);
    const mapping = { FunctionName: 'slow', EventSourceArn: arn, ScalingConfig: { MaximumConcurrency: 2 } };
    const { UUID } = await tested.lambda.createEventSourceMapping({ ...mapping, BatchSize: 1 });
    await tested.send(url, 10);
    await tested.lambda.updateEventSourceMapping({ UUID, Enabled: false });
    await tested.lambda.updateEventSourceMapping({ UUID, Enabled: true });
    await tested.cloud.settle();
    expect(sumOf(sizesOf(tested.batches('slow')))).toBe(10);
    expect(mostAtOnce(tested.batches('slow'))).toBe(2);
  });

  it('begin with five at once, and become more while there are messages', async () => {
    await using tested = await startMapped();
    const { url, arn } = await tested.queue('orders');
    await tested.create('slow', SLOW);
    await tested.send(url, 40);
    await tested.lambda.createEventSourceMapping({ FunctionName: 'slow', EventSourceArn: arn, BatchSize: 1 });
    await tested.cloud.settle();
    const batches = tested.batches('slow');
    const countAt = (second: number): number => batches.filter(({ at }) => at === second).length;
    expect([countAt(0), countAt(1)]).toEqual([5, 10]);
    expect(batches).toHaveLength(40);
  });
});

describe('throttles', () => {
  it('hold a batch back without its messages being received again', async () => {
    await using tested = await startMapped();
    const results = await tested.queue('results');
    const { url, arn } = await tested.queue('orders');
    await tested.create('busy', reporting(results.url));
    await tested.lambda.putFunctionConcurrency({ FunctionName: 'busy', ReservedConcurrentExecutions: 0 });
    await tested.lambda.createEventSourceMapping({ FunctionName: 'busy', EventSourceArn: arn, BatchSize: 1 });
    await tested.send(url, 20);
    await tested.cloud.clock.advance('5 seconds');
    const throttled = tested.batches('busy');
    expect(new Set(throttled.map(({ outcome }) => outcome))).toEqual(new Set(['throttled']));
    await tested.lambda.putFunctionConcurrency({ FunctionName: 'busy', ReservedConcurrentExecutions: 1 });
    await tested.cloud.settle({ advance: true });
    expect(tested.batches('busy').filter(({ outcome }) => outcome === 'ok')).toHaveLength(20);
    const counts: unknown[] = [];
    for (let events = await tested.bodies(results.url); events.length > 0; events = await tested.bodies(results.url)) {
      for (const event of events) {
        const records = JSON.parse(event) as { readonly attributes: { readonly ApproximateReceiveCount: string } }[]; // an event
        counts.push(...records.map(({ attributes }) => attributes.ApproximateReceiveCount));
      }
    }
    expect(counts).toEqual(Array(20).fill('1'));
  });

  it('of their own making cost no receive count: what was held runs when there is room', async () => {
    await using tested = await startMapped();
    const { url, arn } = await tested.queue('orders');
    await tested.create('slow', SLOW);
    await tested.lambda.putFunctionConcurrency({ FunctionName: 'slow', ReservedConcurrentExecutions: 2 });
    await tested.send(url, 20);
    await tested.lambda.createEventSourceMapping({ FunctionName: 'slow', EventSourceArn: arn, BatchSize: 1 });
    await tested.cloud.settle({ advance: true });
    const ran = tested.batches('slow').filter(({ outcome }) => outcome === 'ok');
    expect(ran).toHaveLength(20);
    expect(mostAtOnce(ran)).toBe(2);
    // Two a second: nothing had to become visible again.
    expect(ran.at(-1)?.at).toBe(9);
  });

  it('let messages go when they become visible, which counts', async () => {
    await using tested = await startMapped();
    const dead = await tested.queue('dead');
    const { url, arn } = await tested.queue('orders', {
      VisibilityTimeout: '30',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }),
    });
    await tested.create('never', NOTHING);
    await tested.lambda.putFunctionConcurrency({ FunctionName: 'never', ReservedConcurrentExecutions: 0 });
    await tested.lambda.createEventSourceMapping({ FunctionName: 'never', EventSourceArn: arn });
    await tested.send(url, 3);
    await tested.cloud.settle({ advance: true });
    expect(tested.cloud.clock.now).toEqual(new Date(START + 60_000));
    expect(await tested.bodies(dead.url)).toHaveLength(3);
  });
});

describe('messages in flight', () => {
  it('are run with again when the cloud ends while they are run with', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'skein-test-'));
    try {
      const first = await startMapped({ folder });
      const { url, arn } = await first.queue('orders');
      await first.create('slow', SLOW);
      await first.lambda.createEventSourceMapping({ FunctionName: 'slow', EventSourceArn: arn });
      await first.cloud.settle();
      const { promise: begun, resolve } = Promise.withResolvers<void>();
      using _listening = first.cloud.trace.listen(({ operation }) => operation === 'ReceiveMessage' && resolve());
      await first.send(url, 3);
      await begun;
      await first[Symbol.asyncDispose]();
      await using second = await startMapped({ folder, now: new Date(START + 60_000) });
      await second.cloud.settle();
      expect(second.batches('slow')).toEqual([{ at: 60, size: 3, outcome: 'ok' }]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('come back after a restart of the cloud', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'skein-test-'));
    try {
      const first = await startMapped({ folder });
      const { url, arn } = await first.queue('orders');
      await first.create('works', NOTHING);
      await first.lambda.createEventSourceMapping({
        FunctionName: 'works',
        EventSourceArn: arn,
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: 10,
      });
      await first.cloud.settle();
      await first.send(url, 12);
      await first.cloud.settle();
      await first[Symbol.asyncDispose]();
      await using second = await startMapped({ folder, now: new Date(START + 1000) });
      await second.send(url, 1);
      await second.cloud.settle({ advance: true });
      expect(second.batches('works')).toEqual([
        { at: 11, size: 1, outcome: 'ok' },
        { at: 40, size: 12, outcome: 'ok' },
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the room for batches', () => {
  it('is one of the whole cloud, and who waits for it is told when there is some', () => {
    const capacity = new Capacity(1);
    let looks = 0;
    const poller = { look: () => looks++ };
    expect(capacity.has(poller)).toBe(true);
    capacity.enter();
    expect(capacity.has(poller)).toBe(false);
    capacity.leave();
    expect([looks, capacity.has(poller)]).toEqual([1, true]);
    capacity.enter();
    capacity.leave();
    expect(looks).toBe(1);
  });

  it('of a mapping grows by five a second up to its maximum, shrinks to what there is concurrency for, and begins anew', () => {
    const scaling = new Scaling(12);
    const limits = [scaling.limit];
    for (const step of [() => scaling.grow(), () => scaling.grow(), () => scaling.shrink(3), () => scaling.reset()]) {
      step();
      limits.push(scaling.limit);
    }
    expect(limits).toEqual([5, 10, 12, 3, 5]);
    scaling.most = 2;
    expect([scaling.limit, new Scaling(12).nextStep(1000), new Scaling(2).nextStep(1000)]).toEqual([
      2,
      2000,
      undefined,
    ]);
  });
});
