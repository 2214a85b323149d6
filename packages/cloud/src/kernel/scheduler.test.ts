import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Item } from './order.ts';
import { Scheduler } from './scheduler.ts';
import { SettleError } from './settling.ts';

const START = Date.UTC(2026, 0, 1);
const virtual = (choose?: (ready: readonly Item[]) => Item): Scheduler =>
  new Scheduler({
    clock: 'virtual',
    start: START,
    order: choose === undefined ? undefined : { isQuiet: () => true, choose, spoil: () => undefined },
  });

/** Wakes a scheduler with something that notes its name and the time. */
function noting(scheduler: Scheduler) {
  const notes: string[] = [];
  const note = (name: string, due: number, kind?: 'progress' | 'decay' | 'repeat') =>
    scheduler.wake(name, START + due, name, 0, () => notes.push(`${name}@${scheduler.now - START}`), kind);
  return { notes, note };
}

describe('wake-ups', () => {
  it('run in the order of due, then of posting', async () => {
    const scheduler = virtual();
    const { notes, note } = noting(scheduler);
    note('late', 20);
    note('first', 10);
    note('second', 10);
    await scheduler.advance(30);
    expect(notes).toEqual(['first@10', 'second@10', 'late@20']);
    expect(scheduler.now).toBe(START + 30);
  });

  it('are one per owner: an earlier due replaces it, a later one is ignored', async () => {
    const scheduler = virtual();
    const { notes, note } = noting(scheduler);
    note('queue', 20);
    note('queue', 10);
    note('queue', 30);
    await scheduler.advance(60);
    expect(notes).toEqual(['queue@10']);
  });

  it('can post their own next one', async () => {
    const scheduler = virtual();
    const times: number[] = [];
    const repeat = (due: number): void =>
      scheduler.wake(
        'rule',
        START + due,
        'rule',
        0,
        () => {
          times.push(due);
          repeat(due + 1000);
        },
        'repeat',
      );
    repeat(1000);
    await scheduler.advance('3500 ms');
    expect(times).toEqual([1000, 2000, 3000]);
  });

  it('run at once when they are due in the past', async () => {
    const scheduler = virtual();
    const { notes, note } = noting(scheduler);
    note('overdue', -5);
    await scheduler.settle();
    expect(notes).toEqual(['overdue@0']);
  });

  it("run by the machine's time when the clock is real", async () => {
    const scheduler = new Scheduler();
    const before = Date.now();
    const { promise, resolve } = Promise.withResolvers<number>();
    scheduler.wake('soon', scheduler.now + 20, 'soon', 0, () => resolve(Date.now()));
    expect((await promise) - before).toBeGreaterThanOrEqual(19);
  });

  it('are chosen by the one who chooses', async () => {
    const scheduler = virtual((ready) => ready.at(-1) ?? unreachable());
    const { notes, note } = noting(scheduler);
    note('a', 10);
    note('b', 10);
    note('c', 10);
    await scheduler.advance(10);
    expect(notes).toEqual(['c@10', 'b@10', 'a@10']);
  });

  it('that throw do not stop the others', async () => {
    const errors: unknown[] = [];
    const scheduler = new Scheduler({ clock: 'virtual', start: START, onError: (error) => errors.push(error) });
    const { notes, note } = noting(scheduler);
    scheduler.wake('bad', START, 'bad', 0, () => {
      throw new Error('broken');
    });
    note('good', 0);
    await scheduler.settle();
    expect(notes).toEqual(['good@0']);
    expect(errors).toMatchObject([{ message: 'broken' }]);
  });
});

describe('settle', () => {
  it('resolves at once when nothing runs, also with wake-ups in the future', async () => {
    const scheduler = virtual();
    noting(scheduler).note('later', 1000);
    await scheduler.settle();
    expect(scheduler.now).toBe(START);
  });

  it('waits for an activity, and for what begins after its answer', async () => {
    const scheduler = virtual();
    const order: string[] = [];
    const first = scheduler.begin('invocation', 'first', 0);
    const settled = scheduler.settle().then(() => order.push('settled'));
    await turn();
    const second = scheduler.begin('invocation', 'second', 0);
    first[Symbol.dispose]();
    await turn();
    order.push('second ends');
    second[Symbol.dispose]();
    await settled;
    expect(order).toEqual(['second ends', 'settled']);
  });

  it('does not wait for the long poll of an outside client', async () => {
    const scheduler = virtual();
    using poll = scheduler.begin('request', 'sqs:ReceiveMessage', 0);
    poll.waitUntil(START + 20_000, () => undefined);
    await scheduler.settle();
    expect(scheduler.now).toBe(START);
  });

  it('follows progress, but neither decay nor repetition, when it may advance', async () => {
    const scheduler = virtual();
    const { notes, note } = noting(scheduler);
    note('retry', 60_000);
    note('retention', 120_000, 'decay');
    note('rule', 30_000, 'repeat');
    await scheduler.settle({ advance: true });
    expect(notes).toEqual(['rule@30000', 'retry@60000']);
    expect(scheduler.now).toBe(START + 60_000);
  });

  it('says what still runs when it gives up', async () => {
    const scheduler = virtual();
    using _running = scheduler.begin('invocation', 'Worker', 7);
    const error = await scheduler.settle({ timeout: 60 }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SettleError);
    expect(error).toMatchObject({ pending: ['Worker (invocation, running, caused by hop 7)'] });
  });

  it('gives up on a loop that does not move the clock', async () => {
    const scheduler = virtual();
    const again = (): void => scheduler.wake('loop', START, 'loop', 0, again);
    again();
    await expect(scheduler.settle()).rejects.toThrow('looks like a loop');
    scheduler.stop();
  });

  it('does not spin while a schedule repeats for ever', async () => {
    const scheduler = virtual();
    let runs = 0;
    const repeat = (): void => {
      runs++;
      scheduler.wake('rule', scheduler.now + 60_000, 'rule', 0, repeat, 'repeat');
    };
    repeat();
    await scheduler.settle({ advance: true });
    expect(runs).toBe(1);
  });

  it('refuses to advance a real clock', async () => {
    await expect(new Scheduler().settle({ advance: true })).rejects.toThrow(
      "start the cloud with { clock: 'virtual' }",
    );
    await expect(new Scheduler().advance('1 day')).rejects.toThrow("start the cloud with { clock: 'virtual' }");
  });
});

describe('a virtual clock', () => {
  it('moves by itself to the first wait of an invocation that does nothing but wait', async () => {
    const scheduler = virtual();
    const invocation = scheduler.begin('invocation', 'Sleeper', 0);
    invocation.waitUntil(START + 600_000, () => invocation[Symbol.dispose]());
    await scheduler.settle();
    expect(scheduler.now).toBe(START + 600_000);
  });

  it('stands still while another invocation runs', async () => {
    const scheduler = virtual();
    const sleeper = scheduler.begin('invocation', 'Sleeper', 0);
    const worker = scheduler.begin('invocation', 'Worker', 0);
    sleeper.waitUntil(START + 1000, () => sleeper[Symbol.dispose]());
    await turn();
    await turn();
    expect(scheduler.now).toBe(START);
    worker[Symbol.dispose]();
    await scheduler.settle();
    expect(scheduler.now).toBe(START + 1000);
  });

  it('runs what is due on the way first', async () => {
    const scheduler = virtual();
    const { notes, note } = noting(scheduler);
    note('message', 500);
    const invocation = scheduler.begin('invocation', 'Poller', 0);
    invocation.waitUntil(START + 1000, () => {
      notes.push(`poll ends@${scheduler.now - START}`);
      invocation[Symbol.dispose]();
    });
    await scheduler.settle();
    expect(notes).toEqual(['message@500', 'poll ends@1000']);
  });

  it('ends an invocation that waits for nothing at its deadline', async () => {
    const scheduler = virtual();
    const invocation = scheduler.begin('invocation', 'Hung', 0);
    invocation.deadline(START + 3000, () => invocation[Symbol.dispose]());
    await turn();
    await turn();
    expect(scheduler.now, 'it runs').toBe(START);
    invocation.pause();
    await scheduler.settle();
    expect(scheduler.now).toBe(START + 3000);
  });

  it('moves to the wait of a request that an invocation made', async () => {
    const scheduler = virtual();
    const invocation = scheduler.begin('invocation', 'Poller', 0);
    const request = scheduler.begin('request', 'sqs:ReceiveMessage', 0, invocation);
    invocation.pause();
    request.waitUntil(START + 20_000, () => {
      request[Symbol.dispose]();
      invocation[Symbol.dispose]();
    });
    await scheduler.settle();
    expect(scheduler.now).toBe(START + 20_000);
  });

  it('settles at each instant before it goes on to the next', async () => {
    const scheduler = virtual();
    const seen: number[] = [];
    scheduler.wake('a', START + 1000, 'a', 0, () => {
      const invocation = scheduler.begin('invocation', 'A', 0);
      setImmediate(() => {
        seen.push(scheduler.now - START);
        invocation[Symbol.dispose]();
      });
    });
    scheduler.wake('b', START + 1001, 'b', 0, () => seen.push(scheduler.now - START));
    await scheduler.advance('2 s');
    expect(seen).toEqual([1000, 1001]);
  });

  it('does not move for a wait that was cancelled', async () => {
    const scheduler = virtual();
    const invocation = scheduler.begin('invocation', 'Poller', 0);
    const wait = invocation.waitUntil(START + 1000, () => undefined);
    wait.cancel();
    invocation[Symbol.dispose]();
    await scheduler.settle();
    expect(scheduler.now).toBe(START);
  });

  it('lets an outside long poll end at its real end too', async () => {
    const scheduler = virtual();
    using poll = scheduler.begin('request', 'sqs:ReceiveMessage', 0);
    await new Promise<void>((resolve) => poll.waitUntil(scheduler.now + 20, resolve));
    expect(scheduler.now).toBe(START);
  });

  it('passes a month with a thousand wake-ups', async () => {
    const scheduler = virtual();
    const { notes, note } = noting(scheduler);
    for (let index = 0; index < 1000; index++) note(`item${index}`, index * 2_592_000);
    await scheduler.advance('30 days');
    expect(notes).toHaveLength(1000);
  });
});

function unreachable(): never {
  throw new Error('nothing is ready');
}
