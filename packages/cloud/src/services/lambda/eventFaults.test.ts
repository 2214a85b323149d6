import { afterEach, beforeEach, expect, it } from 'vitest';
import { type MappedCloud, START, startMapped } from './event-source-mappings/test/mapped.ts';
import { ARN } from './test/lambda.ts';

const WORKS = `${ARN}:works`;
const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

let tested: MappedCloud;
beforeEach(async () => {
  tested = await startMapped({ seed: 2 });
  // Its log says what it was given.
  await tested.create('works', 'exports.handler = async (event) => event;');
});
afterEach(() => tested[Symbol.asyncDispose]());

const send = (event: unknown = {}) =>
  tested.lambda.invoke({ FunctionName: 'works', InvocationType: 'Event', Payload: JSON.stringify(event) });

/** When each run began, in seconds from the start, and what became of it. */
const runs = () =>
  tested.cloud.trace
    .of(WORKS)
    .filter(({ note, outcome }) => note?.startsWith('run ') === true || outcome === 'dropped')
    .map(({ at, outcome }) => [(at - START) / 1000, outcome]);

it('runs events twice', async () => {
  tested.cloud.faults.duplicate(WORKS, { times: 1 });
  await send();
  await send();
  await tested.cloud.settle();
  expect(runs()).toEqual([
    [0, 'ok'],
    [0, 'ok'],
    [0, 'ok'],
  ]);
});

it('runs events later', async () => {
  tested.cloud.faults.delay(WORKS, '10 s');
  await send();
  await tested.cloud.settle({ advance: true });
  expect(runs()).toEqual([[10, 'ok']]);
});

it('loses events on their way, which is no run, and runs them then', async () => {
  tested.cloud.faults.drop(WORKS, { times: 2 });
  await send();
  await tested.cloud.settle({ advance: true });
  expect(runs()).toEqual([
    [0, 'dropped'],
    [1, 'dropped'],
    [3, 'ok'],
  ]);
});

it('runs events out of order', async () => {
  // Those who wait for concurrency are due together.
  await tested.lambda.putFunctionConcurrency({ FunctionName: 'works', ReservedConcurrentExecutions: 1 });
  tested.cloud.faults.delay(WORKS, '1 s');
  const sent: (string | undefined)[] = [];
  for (const digit of DIGITS) {
    const { $metadata } = await send(digit);
    sent.push($metadata.requestId);
  }
  tested.cloud.faults.clear();
  tested.cloud.faults.reorder(WORKS, { rate: 0.5 });
  const causes: number[] = [];
  using _listening = tested.cloud.trace.listen(({ note, cause }) => {
    if (note?.startsWith('run ') === true) causes.push(cause);
  });
  await tested.cloud.settle({ advance: true });
  expect(causes).not.toEqual(causes.toSorted((a, b) => a - b));
});

it('throttles and holds up runs for events and queues', async () => {
  const { url, arn } = await tested.queue('orders');
  await tested.lambda.createEventSourceMapping({ FunctionName: 'works', EventSourceArn: arn });
  await tested.cloud.settle();
  tested.cloud.faults.throttle(WORKS, { times: 1, operation: 'Invoke' });
  await tested.send(url, 1);
  await tested.cloud.settle({ advance: true });
  expect(tested.batches('works')).toEqual([
    { at: 0, size: 1, outcome: 'throttled' },
    { at: 1, size: 1, outcome: 'ok' },
  ]);
  tested.cloud.faults.latency(WORKS, '5 s', { times: 1 });
  const before = tested.cloud.clock.now.getTime();
  await tested.send(url, 1);
  await tested.cloud.settle();
  expect(tested.cloud.clock.now.getTime() - before).toBe(5000);
});
