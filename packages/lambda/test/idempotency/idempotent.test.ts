import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { batch } from '../../src/batch/index.ts';
import { type Deadline, type IdempotencyStore, idempotent } from '../../src/idempotency/index.ts';
import { message } from '../batch/events.ts';
import { MAKERS, type StoreMaker } from './stores.ts';

interface Payment {
  readonly id: string;
  readonly cents?: number;
}

const REMAINING = 10_000;
const context: Deadline = { getRemainingTimeInMillis: () => REMAINING };

const SECOND = 1000;
const DAY = 86_400 * SECOND;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-01T00:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});
const pass = (milliseconds: number): unknown => vi.setSystemTime(Date.now() + milliseconds);

/** A handler that goes on when it is told to. */
function paused() {
  const end = Promise.withResolvers<string>();
  const begin = Promise.withResolvers<void>();
  let runs = 0;
  const handler = (_: Payment): Promise<string> => {
    runs++;
    begin.resolve();
    return end.promise;
  };
  return { handler, begun: begin.promise, goOn: end.resolve, fail: end.reject, runs: () => runs };
}

const errorOf = (outcome: Promise<unknown>): Promise<unknown> => outcome.catch((error: unknown) => error);

describe.each(Object.entries(MAKERS))('a handler with keys in %s', (_name, make) => {
  let maker: StoreMaker;
  let store: IdempotencyStore;
  beforeAll(async () => {
    maker = await make();
  });
  afterAll(() => maker[Symbol.asyncDispose]());
  beforeEach(async () => {
    store = await maker.newStore();
  });

  it('runs once for a key, and answers duplicates with the same result', async () => {
    let runs = 0;
    const charge = idempotent(({ id }: Payment) => ({ receipt: `${id}-${++runs}` }), { key: 'id', store });
    expect(await charge({ id: 'a' }, context)).toEqual({ receipt: 'a-1' });
    expect(await charge({ id: 'a' }, context)).toEqual({ receipt: 'a-1' });
    expect(await charge({ id: 'b' }, context)).toEqual({ receipt: 'b-2' });
    expect(runs).toBe(2);
  });

  it('runs once of ten that come at the same time: the others fail, to come again', async () => {
    const { handler, goOn, runs } = paused();
    const charge = idempotent(handler, { key: 'id', store, scope: 'pay' });
    const all = Array.from({ length: 10 }, () => charge({ id: 'a' }, context));
    const nine = Promise.withResolvers<void>();
    const failures: unknown[] = [];
    for (const one of all) one.catch((error: unknown) => failures.push(error) === 9 && nine.resolve());
    await nine.promise;
    expect(failures).toEqual(
      failures.map(() =>
        expect.objectContaining({ name: 'InProgressError', key: 'pay#a', retryAfter: REMAINING + SECOND }),
      ),
    );
    goOn('done');
    expect(await Promise.any(all)).toBe('done');
    expect(runs()).toBe(1);
    expect(await charge({ id: 'a' }, context)).toBe('done');
  });

  it('runs again for a key whose handler threw, whose error is the one that is thrown', async () => {
    let runs = 0;
    const charge = idempotent(
      (_: Payment) => {
        if (++runs === 1) throw new Error('no network');
        return runs;
      },
      { key: 'id', store },
    );
    await expect(charge({ id: 'a' }, context)).rejects.toThrow('no network');
    expect(await charge({ id: 'a' }, context)).toBe(2);
    expect(await charge({ id: 'a' }, context)).toBe(2);
  });

  it('takes a key over from a holder that is past its deadline, and not before', async () => {
    const crashed = paused();
    const slow = idempotent(crashed.handler, { key: 'id', store, scope: 'pay' })({ id: 'a' }, context);
    const outcome = errorOf(slow);
    await crashed.begun;
    const next = idempotent((_: Payment) => 'second', { key: 'id', store, scope: 'pay' });
    pass(REMAINING);
    await expect(next({ id: 'a' }, context)).rejects.toMatchObject({ name: 'InProgressError', retryAfter: SECOND });
    pass(SECOND);
    expect(await next({ id: 'a' }, context)).toBe('second');
    // It was not dead after all: the second one's result counts.
    crashed.goOn('first');
    expect(await outcome).toMatchObject({ name: 'ClaimLostError', key: 'pay#a' });
    expect(await next({ id: 'a' }, context)).toBe('second');
  });

  it('is taken over by one of ten that come after the deadline', async () => {
    const crashed = paused();
    const outcome = errorOf(idempotent(crashed.handler, { key: 'id', store })({ id: 'a' }, context));
    await crashed.begun;
    pass(REMAINING + SECOND);
    const { handler, goOn, runs } = paused();
    const next = idempotent(handler, { key: 'id', store });
    const all = Array.from({ length: 10 }, () => next({ id: 'a' }, context));
    const nine = Promise.withResolvers<void>();
    let failures = 0;
    for (const one of all) one.catch(() => ++failures === 9 && nine.resolve());
    await nine.promise;
    goOn('second');
    expect(await Promise.any(all)).toBe('second');
    expect(runs()).toBe(1);
    crashed.goOn('first');
    await outcome;
  });

  it('does not give up the key of the one that has taken over', async () => {
    const { handler, begun, fail } = paused();
    const outcome = errorOf(idempotent(handler, { key: 'id', store })({ id: 'a' }, context));
    await begun;
    pass(REMAINING + SECOND);
    let runs = 0;
    const next = idempotent((_: Payment) => ++runs, { key: 'id', store });
    await next({ id: 'a' }, context);
    fail(new Error('late'));
    expect(await outcome).toMatchObject({ message: 'late' });
    expect(await next({ id: 'a' }, context)).toBe(1);
  });

  it.each([
    [undefined, DAY],
    [60, 60 * SECOND],
  ])('forgets a key after expiresAfterSeconds (%s)', async (expiresAfterSeconds, milliseconds) => {
    let runs = 0;
    const options = expiresAfterSeconds === undefined ? {} : { expiresAfterSeconds };
    const charge = idempotent((_: Payment) => ++runs, { key: 'id', store, ...options });
    await charge({ id: 'a' }, context);
    pass(milliseconds - 1);
    expect(await charge({ id: 'a' }, context)).toBe(1);
    pass(1);
    expect(await charge({ id: 'a' }, context)).toBe(2);
  });

  it('keeps the keys of two scopes apart', async () => {
    const charge = idempotent((_: Payment) => 'charged', { key: 'id', store, scope: 'charge' });
    const refund = idempotent((_: Payment) => 'refunded', { key: 'id', store, scope: 'refund' });
    expect([await charge({ id: 'a' }, context), await refund({ id: 'a' }, context)]).toEqual(['charged', 'refunded']);
  });

  it('refuses a key that comes with another payload', async () => {
    const charge = idempotent(({ cents }: Payment) => cents, { key: 'id', store, payload: ({ cents }) => ({ cents }) });
    expect(await charge({ id: 'a', cents: 5 }, context)).toBe(5);
    expect(await charge({ cents: 5, id: 'a' }, context)).toBe(5);
    await expect(charge({ id: 'a', cents: 6 }, context)).rejects.toMatchObject({ name: 'PayloadMismatchError' });
  });

  it('keeps no result when told so, or when there is none', async () => {
    let runs = 0;
    const silent = idempotent((_: Payment) => void runs++, { key: 'id', store, scope: 'silent' });
    const secret = idempotent((_: Payment) => ++runs, { key: 'id', store, scope: 'secret', keepResult: false });
    expect([await silent({ id: 'a' }, context), await silent({ id: 'a' }, context)]).toEqual([undefined, undefined]);
    expect([await secret({ id: 'a' }, context), await secret({ id: 'a' }, context)]).toEqual([2, undefined]);
    expect(runs).toBe(2);
  });

  it('handles each record of a batch once, those that came in another batch too', async () => {
    const handled: string[] = [];
    const handler = batch<Payment>(
      idempotent(({ body }) => void handled.push(body.id), { key: 'body.id', store }),
      { parallelism: 5 },
    );
    const event = { Records: [message('m-1', { id: 'a' }), message('m-2', { id: 'b' })] };
    expect(await handler(event, context)).toEqual({ batchItemFailures: [] });
    const again = { Records: [message('m-1', { id: 'a' }), message('m-3', { id: 'b' }), message('m-4', { id: 'c' })] };
    expect(await handler(again, context)).toEqual({ batchItemFailures: [] });
    expect(handled).toEqual(['a', 'b', 'c']);
  });
});
