import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MappedCloud, START, startMapped } from './event-source-mappings/test/mapped.ts';
import { ARN } from './test/lambda.ts';

/** Puts the items `a`, `b` and `c`, one after the other, and says how far it came. */
const WRITES = `
const { DynamoDB } = require('@aws-sdk/client-dynamodb');
const db = new DynamoDB({});
exports.handler = async () => {
  for (const id of ['a', 'b', 'c']) await db.putItem({ TableName: 'items', Item: { id: { S: id } } });
  return 'done';
};`;
/** Puts ten items at once. */
const WRITES_AT_ONCE = `
const { DynamoDB } = require('@aws-sdk/client-dynamodb');
const db = new DynamoDB({});
exports.handler = async () => {
  const ids = Array.from({ length: 10 }, (_, n) => String(n));
  await Promise.all(ids.map((id) => db.putItem({ TableName: 'items', Item: { id: { S: id } } })));
};`;
const SLEEPS = 'exports.handler = (ms) => new Promise((resolve) => setTimeout(resolve, ms, "slept"));';

let tested: MappedCloud;
let db: DynamoDB;

beforeEach(async () => {
  tested = await startMapped({ seed: 1 });
  db = new DynamoDB(tested.cloud.clientConfiguration);
  await db.createTable({
    TableName: 'items',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
});

afterEach(async () => {
  db.destroy();
  await tested[Symbol.asyncDispose]();
});

const items = async (): Promise<(string | undefined)[]> => {
  const { Items = [] } = await db.scan({ TableName: 'items' });
  return Items.map(({ id }) => id?.S).sort();
};

const CRASH = {
  errorType: 'Runtime.ExitError',
  errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: signal: killed$/),
};

describe('a function that a fault kills', () => {
  it('dies before an operation, which then has no effect', async () => {
    await tested.create('writes', WRITES);
    using _fault = tested.cloud.faults.kill(`${ARN}:writes`, { before: 2 });
    expect(await tested.call('writes')).toEqual(CRASH);
    expect(await items()).toEqual(['a']);
    const kill = tested.cloud.trace.all().find(({ operation }) => operation === 'KillEnvironment');
    expect(kill).toMatchObject({
      resource: `${ARN}:writes`,
      target: 'writes.0',
      outcome: 'dropped',
      note: 'killed by a fault before operation 2, dynamodb:PutItem',
    });
    expect(tested.cloud.trace.get(kill?.cause ?? 0)).toMatchObject({ operation: 'Invoke' });
  });

  it('dies after an operation, which has its effect', async () => {
    await tested.create('writes', WRITES);
    using _fault = tested.cloud.faults.kill(`${ARN}:writes`, { after: 2 });
    expect(await tested.call('writes')).toEqual(CRASH);
    expect(await items()).toEqual(['a', 'b']);
  });

  it('also dies after an operation that fails', async () => {
    await tested.create('writes', WRITES);
    await db.deleteTable({ TableName: 'items' });
    using _fault = tested.cloud.faults.kill(`${ARN}:writes`, { after: 1 });
    expect(await tested.call('writes')).toEqual(CRASH);
  });

  it('leaves no effect of what was on its way when it died', async () => {
    await tested.create('writes', WRITES_AT_ONCE);
    using _fault = tested.cloud.faults.kill(`${ARN}:writes`, { after: 3 });
    expect(await tested.call('writes')).toEqual(CRASH);
    expect(await items()).toHaveLength(3);
  });

  it('counts an operation that the SDK tries again twice', async () => {
    await tested.create('writes', WRITES);
    using _throttled = tested.cloud.faults.throttle('arn:aws:dynamodb:us-east-1:000000000000:table/items', {
      operation: 'PutItem',
      times: 1,
    });
    using _fault = tested.cloud.faults.kill(`${ARN}:writes`, { after: 2 });
    expect(await tested.call('writes')).toEqual(CRASH);
    expect(await items()).toEqual(['a']);
  });

  it('dies after a time of the cloud, unless it has answered by then', async () => {
    await tested.create('sleeps', SLEEPS, { Timeout: 60 });
    using _fault = tested.cloud.faults.kill(`${ARN}:sleeps`, { afterTime: '5 s' });
    expect(await tested.call('sleeps', 4999)).toBe('slept');
    const before = tested.cloud.clock.now.getTime();
    expect(await tested.call('sleeps', 10_000)).toEqual(CRASH);
    expect(tested.cloud.clock.now.getTime() - before).toBe(5000);
  });

  it('goes on in a new process, and is killed no more often than was asked', async () => {
    await tested.create('writes', WRITES);
    tested.cloud.faults.kill(`${ARN}:writes`, { before: 3, times: 2 });
    const answers: unknown[] = [];
    for (let run = 0; run < 4; run++) answers.push(await tested.call('writes'));
    expect(answers).toEqual([CRASH, CRASH, 'done', 'done']);
  });

  it('dies at any operation when no moment is given, by the seed', async () => {
    await tested.create('writes', WRITES);
    tested.cloud.faults.kill(`${ARN}:writes`, { rate: 0.3 });
    for (let run = 0; run < 10; run++) await tested.call('writes');
    const notes = tested.cloud.trace
      .of(`${ARN}:writes`)
      .flatMap(({ operation, note }) => (operation === 'KillEnvironment' ? [note] : []));
    expect(new Set(notes).size).toBeGreaterThan(2);
    expect(notes.length).toBeLessThan(10);
  });

  it('is run again when it was run by an event', async () => {
    await tested.create('writes', WRITES);
    tested.cloud.faults.kill(`${ARN}:writes`, { after: 3, times: 2 });
    await tested.lambda.invoke({ FunctionName: 'writes', InvocationType: 'Event' });
    await tested.cloud.settle({ advance: true });
    const runs = tested.cloud.trace.all().filter(({ note }) => note?.startsWith('run '));
    expect(runs.map(({ at, outcome }) => [(at - START) / 1000, outcome])).toEqual([
      [0, 'Unhandled'],
      [60, 'Unhandled'],
      [180, 'ok'],
    ]);
  });

  it('gives its messages back to the queue', async () => {
    const { url, arn } = await tested.queue('orders');
    await tested.create('writes', WRITES);
    await tested.lambda.createEventSourceMapping({ FunctionName: 'writes', EventSourceArn: arn });
    await tested.cloud.settle();
    tested.cloud.faults.kill(`${ARN}:writes`, { after: 1, times: 1 });
    await tested.send(url, 3);
    await tested.cloud.settle({ advance: true });
    expect(tested.batches('writes')).toEqual([
      { at: 0, size: 3, outcome: 'Unhandled' },
      { at: 30, size: 3, outcome: 'ok' },
    ]);
  });
});

it('kills while the clock is real, too', async () => {
  await using real = await startMapped({ clock: 'real' });
  await real.create('sleeps', SLEEPS, { Timeout: 60 });
  real.cloud.faults.kill(`${ARN}:sleeps`, { afterTime: '30 ms' });
  expect(await real.call('sleeps', 20_000)).toEqual(CRASH);
});
