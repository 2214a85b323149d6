import type { Scheduler } from '../../kernel/scheduler.ts';
import type { Store } from '../../kernel/store.ts';
import type { EventStore } from './eventStore.ts';
import type { GroupStore } from './groupStore.ts';
import { expiryOf, groupArn, type LogGroup } from './logGroup.ts';
import type { StreamStore } from './streamStore.ts';

const DAY = 86_400_000;
/** Expired events are not shown from the instant on; their rows go in sweeps at least this far apart. */
const BETWEEN_SWEEPS = DAY;
const EVENTS_A_TURN = 1_000;

/** What the end of events needs. */
export interface RetentionParts {
  readonly scheduler: Scheduler;
  readonly store: Store;
  readonly groups: GroupStore;
  readonly streams: StreamStore;
  readonly events: EventStore;
}

/** Deletes what has expired, and what was left by groups and streams that are gone: bit by bit, so that no request waits for it. */
export class Retention {
  readonly #parts: RetentionParts;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  /** Posts the next sweep of a group, when it has anything that will expire. One at a time: a later call changes nothing. */
  watch(group: LogGroup, cause = 0, oldest: number | undefined = this.#parts.events.oldest(group.id)): void {
    if (group.retentionDays === undefined || oldest === undefined) return;
    this.#post(group.id, groupArn(group.name, group), oldest + group.retentionDays * DAY + 1, cause);
  }

  /** Posts the clearing of what {@link EventStore.discard} marked. */
  clearDiscarded(cause = 0): void {
    const { scheduler, store, events } = this.#parts;
    scheduler.wake(
      'logs/discarded',
      scheduler.now,
      'deleted log events',
      cause,
      () => {
        if (store.transaction(() => events.clear(EVENTS_A_TURN))) this.clearDiscarded(cause);
      },
      'decay',
    );
  }

  /** Posts everything anew from the rows. */
  resume(): void {
    for (const group of this.#parts.groups.retaining()) this.watch(group);
    if (this.#parts.events.hasDiscarded()) this.clearDiscarded();
  }

  #post(groupId: number, arn: string, due: number, cause: number): void {
    const run = (): void => this.#sweep(groupId, cause);
    this.#parts.scheduler.wake(`${arn}/retention/${groupId}`, due, `retention of ${arn}`, cause, run, 'decay');
  }

  #sweep(groupId: number, cause: number): void {
    const { scheduler, store, groups, streams, events } = this.#parts;
    const group = groups.byId(groupId);
    if (group?.retentionDays === undefined) return;
    const expiry = expiryOf(group, scheduler.now);
    store.transaction(() => {
      for (const [stream, bytes] of events.expire(groupId, expiry, EVENTS_A_TURN)) {
        streams.shrink(stream, bytes);
        groups.shrink(groupId, bytes);
      }
    });
    const oldest = events.oldest(groupId);
    if (oldest === undefined) return;
    const arn = groupArn(group.name, group);
    const due = oldest + group.retentionDays * DAY + 1;
    const { now } = scheduler;
    this.#post(groupId, arn, due <= now ? now : Math.max(due, now + BETWEEN_SWEEPS), cause);
  }
}
