import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Delivery, DeliveryQueue, type DeliveryQueueOptions, RetryableError } from './deliveryQueue.ts';
import { Scheduler } from './scheduler.ts';
import type { ServiceEnvironment } from './service.ts';
import { Store } from './store.ts';

let store: Store;
let scheduler: Scheduler;
let sent: string[];

beforeEach(() => {
  store = new Store();
  scheduler = new Scheduler({ clock: 'virtual', start: 0 });
  sent = [];
});
afterEach(() => store.close());

function newQueue(more: Partial<DeliveryQueueOptions> = {}): DeliveryQueue {
  return new DeliveryQueue({
    table: 'delivery',
    // What it uses of the environment.
    environment: { store, scheduler } as ServiceEnvironment,
    rulesOf: () => ({ maxRetries: 3, maxAgeMs: 3_600_000 }),
    send: async ({ job }) => void sent.push(job),
    giveUp: async ({ job }, { exhausted }) => void sent.push(`${job} given up: ${exhausted}`),
    ...more,
  });
}

const delivery = (job: string, owner = 'rule') => ({ owner, account: '0', region: 'r', job, cause: 1 });
const left = (): number => Number(store.prepare('select count(*) as count from delivery').get()?.['count']);
const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

describe('deliveries', () => {
  it('are made in the order in which they were accepted, however many there are', async () => {
    const queue = newQueue();
    store.transaction(() => {
      for (const job of numbers(250)) queue.accept(delivery(job));
    });
    await scheduler.settle();
    expect(sent).toEqual(numbers(250));
    expect(left()).toBe(0);
  });

  it('are not made when what accepted them was undone', async () => {
    const queue = newQueue();
    const undone = (): void =>
      store.transaction(() => {
        queue.accept(delivery('undone'));
        throw new Error('no');
      });
    expect(undone).toThrow('no');
    await scheduler.settle();
    expect(sent).toEqual([]);
  });

  it('wait as long as they are told to', async () => {
    const queue = newQueue();
    queue.accept({ ...delivery('late'), delayMs: 5000 });
    queue.accept(delivery('early'));
    await scheduler.settle();
    expect(sent).toEqual(['early']);
    await scheduler.advance('5 s');
    expect(sent).toEqual(['early', 'late']);
  });

  it('are made again while their target says no, and given up at the end', async () => {
    const times: number[] = [];
    const queue = newQueue({
      async send(): Promise<void> {
        times.push(scheduler.now / 1000);
        throw new RetryableError('not now');
      },
    });
    queue.accept(delivery('a'));
    await scheduler.settle({ advance: true });
    expect(times).toEqual([0, 1, 3, 7]);
    expect(sent).toEqual(['a given up: MaximumRetryAttempts']);
    expect(left()).toBe(0);
  });

  it('that were accepted before others come first, also when they are made again', async () => {
    let isDown = true;
    const queue = newQueue({
      async send({ job }: Delivery): Promise<void> {
        if (isDown) throw new RetryableError('down', 1000);
        sent.push(job);
      },
    });
    queue.accept(delivery('first'));
    await scheduler.settle();
    isDown = false;
    scheduler.wake('test', 1000, 'accepts another', 0, () => queue.accept(delivery('second')));
    await scheduler.advance('1 s');
    expect(sent).toEqual(['first', 'second']);
  });

  it('go on after a restart, also those that nobody had tried and those that were on their way', async () => {
    const before = newQueue({ send: () => new Promise(() => undefined) });
    before.accept(delivery('on its way'));
    // The turn in which it is tried.
    await new Promise((resolve) => setImmediate(resolve));
    before.accept(delivery('untried'));
    before.accept({ ...delivery('later'), delayMs: 1000 });
    before.stop();
    scheduler.stop();
    scheduler = new Scheduler({ clock: 'virtual', start: 0 });
    newQueue().resume();
    await scheduler.settle();
    expect(sent).toEqual(['on its way', 'untried']);
    await scheduler.advance('1 s');
    expect(sent).toEqual(['on its way', 'untried', 'later']);
  });
});
