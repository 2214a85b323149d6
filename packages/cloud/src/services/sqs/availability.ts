import { parseArn } from '../../kernel/names.ts';
import type { Scheduler } from '../../kernel/scheduler.ts';
import type { Signals } from '../../kernel/signals.ts';
import type { Store } from '../../kernel/store.ts';
import type { DeduplicationStore } from './deduplicationStore.ts';
import type { GroupStore } from './groupStore.ts';
import type { MessageStore } from './messageStore.ts';
import type { Queue } from './queue.ts';
import type { QueueStore } from './queueStore.ts';
import type { Queues } from './queues.ts';

const ROWS_AT_ONCE = 1000;
/** Between two pieces of clearing up, so that requests come in between. */
const PAUSE_MS = 5;

/** The parts of SQS that wake-ups look into. */
export interface AvailabilityParts {
  readonly scheduler: Scheduler;
  readonly signals: Signals;
  readonly store: Store;
  readonly queues: QueueStore;
  readonly messages: MessageStore;
  readonly groups: GroupStore;
  readonly deduplication: DeduplicationStore;
}

/** All wake-ups of SQS: messages that become available, expire, or are to be cleared away. */
export class Availability {
  readonly #parts: AvailabilityParts;
  readonly #polls = new Map<Queue, Set<() => void>>();
  #forgetAt = Number.POSITIVE_INFINITY;

  constructor(parts: AvailabilityParts) {
    this.#parts = parts;
  }

  /** Calls `look` whenever messages of a queue may have become available, until the result is disposed of. */
  poll(queue: Queue, look: () => void): Disposable {
    const polls = this.#polls.get(queue) ?? new Set();
    this.#polls.set(queue, polls.add(look));
    return {
      [Symbol.dispose]: () => {
        polls.delete(look);
        if (polls.size === 0 && this.#polls.get(queue) === polls) this.#polls.delete(queue);
      },
    };
  }

  /** A message of a queue may be received from `at` on. */
  changed(queue: Queue, at: number, cause: number): void {
    const { scheduler, signals } = this.#parts;
    if (at > scheduler.now) {
      if (at < queue.wakeAt) this.#wakeAt(queue, at, cause);
    } else if (this.#polls.has(queue) || signals.has(queue.arn)) this.tell(queue, cause);
  }

  /** Tells those who wait for messages of a queue, in an item of its own. */
  tell(queue: Queue, cause: number): void {
    const { scheduler, signals } = this.#parts;
    scheduler.wake(
      `sqs/${queue.number}/available`,
      scheduler.now,
      `messages of ${queue.arn} are available`,
      cause,
      () => {
        for (const look of [...(this.#polls.get(queue) ?? [])]) look();
        if (!queue.isDeleted) signals.emit(queue.arn, cause);
      },
    );
  }

  /** Somebody begins to listen to a queue, where messages may be waiting already. */
  listened(queues: Queues, arn: string): void {
    const parsed = parseArn(arn);
    const queue = parsed?.service === 'sqs' ? queues.findByArn(parsed) : undefined;
    if (queue !== undefined && queue.counts.total > 0) this.tell(queue, 0);
  }

  /** A message was sent: it expires after the queue's time of retention. */
  sent(queue: Queue, sent: number, cause: number): void {
    const expires = sent + queue.retention;
    if (expires < queue.expireAt) this.#expireAt(queue, expires, cause);
  }

  /** Posts all that a queue's rows ask for: after a start, and after a purge or a change of its times. */
  look(queue: Queue, cause: number): void {
    const { scheduler, messages } = this.#parts;
    queue.wakeAt = Number.POSITIVE_INFINITY;
    const next = this.#nextDue(queue, scheduler.now);
    if (next !== undefined) this.#wakeAt(queue, next, cause);
    const oldest = messages.oldest(queue.bucket);
    queue.expireAt = Number.POSITIVE_INFINITY;
    if (oldest !== undefined) this.#expireAt(queue, oldest + queue.retention, cause);
  }

  /** Keys of deduplication, or attempts, expire at `at`. */
  remember(at: number): void {
    if (at >= this.#forgetAt) return;
    this.#forgetAt = at;
    const { scheduler, deduplication } = this.#parts;
    const forget = (): void => {
      this.#forgetAt = Number.POSITIVE_INFINITY;
      deduplication.forget(scheduler.now);
      const next = deduplication.nextExpiry();
      if (next !== undefined) this.remember(Math.max(next, scheduler.now + PAUSE_MS));
    };
    scheduler.wake('sqs/deduplication', at, 'deduplication ids of SQS expire', 0, forget, 'decay');
  }

  /** Clears away what purges and deletions left. */
  clear(): void {
    const { scheduler, queues } = this.#parts;
    if (queues.discarded() === undefined) return;
    const due = scheduler.now + PAUSE_MS;
    scheduler.wake('sqs/discarded', due, 'purged messages are removed', 0, () => this.#clearSome(), 'decay');
  }

  /** Posts what all rows ask for, after a start. */
  resume(all: readonly Queue[]): void {
    for (const queue of all) this.look(queue, 0);
    const next = this.#parts.deduplication.nextExpiry();
    if (next !== undefined) this.remember(next);
    this.clear();
  }

  #nextDue(queue: Queue, now: number): number | undefined {
    const { messages, groups } = this.#parts;
    return queue.isFifo ? groups.nextDue(queue.bucket, now) : messages.nextDue(queue.bucket, now);
  }

  #wakeAt(queue: Queue, at: number, cause: number): void {
    queue.wakeAt = at;
    this.#parts.scheduler.wake(`sqs/${queue.number}/due`, at, `messages of ${queue.arn} become visible`, cause, () => {
      if (queue.isDeleted) return;
      queue.wakeAt = Number.POSITIVE_INFINITY;
      const next = this.#nextDue(queue, this.#parts.scheduler.now);
      if (next !== undefined) this.#wakeAt(queue, next, cause);
      this.changed(queue, this.#parts.scheduler.now, cause);
    });
  }

  #expireAt(queue: Queue, at: number, cause: number): void {
    queue.expireAt = at;
    const { scheduler } = this.#parts;
    const run = (): void => {
      if (!queue.isDeleted) this.#expire(queue, cause);
    };
    scheduler.wake(`sqs/${queue.number}/expiry`, at, `messages of ${queue.arn} expire`, cause, run, 'decay');
  }

  /** Removes messages that are too old, some at a time. */
  #expire(queue: Queue, cause: number): void {
    const { scheduler, groups, store } = this.#parts;
    const now = scheduler.now;
    queue.expireAt = Number.POSITIVE_INFINITY;
    const expires = store.transaction(() => this.#removeExpired(queue, now));
    if (expires !== undefined) this.#expireAt(queue, Math.max(expires, now), cause);
    if (queue.isFifo) {
      const next = groups.nextDue(queue.bucket, now);
      if (next !== undefined && next < queue.wakeAt) this.#wakeAt(queue, next, cause);
      this.changed(queue, now, cause);
    }
  }

  /** @returns when the next message expires */
  #removeExpired(queue: Queue, now: number): number | undefined {
    const { messages, groups } = this.#parts;
    // Mostly there is one: more are read the more there were.
    for (let removed = 0, limit = 2; ; limit = Math.min(2 * limit, ROWS_AT_ONCE)) {
      const rows = messages.states(queue.bucket, limit);
      for (const [id, group, at, sent, receives] of rows) {
        if (sent + queue.retention > now || removed === ROWS_AT_ONCE) return sent + queue.retention;
        messages.remove(id);
        queue.counts.remove(at, sent, receives);
        if (group !== null) updateGroup(messages, groups, group);
        removed++;
      }
      if (rows.length < limit) return undefined;
    }
  }

  #clearSome(): void {
    const { queues, messages, groups, store } = this.#parts;
    const bucket = queues.discarded();
    if (bucket === undefined) return;
    store.transaction(() => {
      const left = messages.clear(bucket, ROWS_AT_ONCE) + groups.clear(bucket, ROWS_AT_ONCE);
      if (left === 0) queues.dropBucket(bucket);
    });
    this.clear();
  }
}

/** Gives a group the time of its first message, or removes it when it has none. @returns the time */
export function updateGroup(messages: MessageStore, groups: GroupStore, group: number): number | undefined {
  const head = messages.headOfGroup(group);
  if (head === undefined) groups.remove(group);
  else groups.move(group, head);
  return head;
}
