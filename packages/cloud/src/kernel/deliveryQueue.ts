import type { StatementSync } from 'node:sqlite';
import type { Activity } from './activity.ts';
import { isAwsError } from './awsError.ts';
import type { Scope } from './names.ts';
import type { ServiceEnvironment } from './service.ts';

/** Something on its way to a target: a row, until it has arrived or was given up. */
export interface Delivery extends Scope {
  readonly id: number;
  /** The ARN of the rule or schedule that sends it. */
  readonly owner: string;
  /** What the service needs to deliver it, as JSON. */
  readonly job: string;
  /** The id of the hop that caused it; 0 when that was before a restart. */
  readonly cause: number;
  /** ms since 1970 */
  readonly acceptedAt: number;
  /** How often it was tried. */
  readonly attempts: number;
}

/** A delivery that is being made, whether there is a row of it or not. */
export type Attempt = Omit<Delivery, 'id' | 'job'>;

/** A delivery to be made. */
export interface NewDelivery extends Omit<Delivery, 'id' | 'attempts' | 'acceptedAt'> {
  /** How long to wait before the first attempt. @default 0 */
  readonly delayMs?: number | undefined;
}

/** How often and how long a delivery is tried again. */
export interface RetryRules {
  readonly maxRetries: number;
  readonly maxAgeMs: number;
}

/** Why a delivery was given up. */
export interface Failure {
  readonly error: unknown;
  /** The limit that was reached; undefined when trying again would not have helped. */
  readonly exhausted: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | undefined;
}

/** The target said no for now. */
export class RetryableError extends Error {
  override readonly name: string = 'RetryableError';
  /** As the target asked for, in ms. */
  readonly afterMs: number | undefined;

  /** @param afterMs - how long to wait at least; @default - as long as the back-off says */
  constructor(message: string, afterMs?: number) {
    super(message);
    this.afterMs = afterMs;
  }
}

export interface DeliveryQueueOptions {
  /** The name of its table. */
  readonly table: string;
  readonly environment: ServiceEnvironment;
  rulesOf(delivery: Delivery): RetryRules;
  /** The order in which deliveries of an owner that are due go out. @default - that in which they became due */
  order?(owner: string, due: readonly Delivery[]): readonly Delivery[];
  /** When a delivery may be tried, ms since 1970: one whose time has not come waits, and is asked about again. @default - at once */
  pace?(delivery: Delivery): number;
  /** The share of a back-off that is waited, in (0, 1]. @default - all of it */
  jitter?(delivery: Delivery): number;
  /** Delivers it. A rejection that is `RetryableError`, a throttling or a server's fault is tried again. */
  send(delivery: Delivery, activity: Activity): Promise<void>;
  /** Does what is asked for with a delivery that was given up. */
  giveUp(delivery: Delivery, failure: Failure): Promise<void>;
}

const FIRST_BACKOFF_MS = 1000;
/** With this 185 retries fit into a day, as AWS's defaults do. */
const MAX_BACKOFF_MS = 480_000;
/** Deliveries that one wake-up starts: others have their turn before the next. So many of an owner are kept in memory beside their rows. */
const AT_ONCE = 100;

/**
 * Deliveries at least once: each is a row, and each owner that has some a wake-up. One that fails is tried again, later each time, until its
 * retries or its age are used up.
 */
export class DeliveryQueue {
  readonly #options: DeliveryQueueOptions;
  readonly #add: StatementSync;
  readonly #due: StatementSync;
  readonly #nextDue: StatementSync;
  readonly #lease: StatementSync;
  readonly #release: StatementSync;
  readonly #delete: StatementSync;
  readonly #owners: StatementSync;
  readonly #void: StatementSync;
  readonly #exists: StatementSync;
  /** By owner: accepted and not yet tried. Their rows are leased, so that nothing has to be asked or written before the first attempt. */
  readonly #fresh = new Map<string, Delivery[]>();
  /** Owners with rows that are not leased: due, or due later. */
  readonly #waiting = new Set<string>();
  #isStopped = false;

  constructor(options: DeliveryQueueOptions) {
    const { table, environment } = options;
    const { store, scheduler } = environment;
    this.#options = options;
    scheduler.onComeBack(() => this.#fresh.clear());
    store.define(`create table if not exists ${table}(
        id integer primary key, owner text not null, account text not null, region text not null, job text not null, cause integer not null,
        accepted_at integer not null, attempts integer not null, due integer);
      create index if not exists ${table}_due on ${table}(owner, due, id) where due is not null`);
    this.#add = store.prepare(
      `insert into ${table}(owner, account, region, job, cause, accepted_at, attempts, due) values (?, ?, ?, ?, ?, ?, 0, ?)`,
    );
    this.#due = store.prepare(`select id, owner, account, region, job, cause, accepted_at as acceptedAt, attempts
      from ${table} where owner = ? and due is not null and due <= ? order by due, id limit +?`);
    this.#nextDue = store.prepareArrays(`select min(due) from ${table} where owner = ? and due is not null`);
    this.#exists = store.prepareArrays(`select 1 from ${table} where id = ?`);
    this.#lease = store.prepare(`update ${table} set due = null where id = ?`);
    this.#release = store.prepare(`update ${table} set due = ?, attempts = ? where id = ?`);
    this.#delete = store.prepare(`delete from ${table} where id = ?`);
    this.#owners = store.prepare(`select distinct owner from ${table} where due is not null`);
    this.#void = store.prepare(`update ${table} set cause = 0, due = coalesce(due, ?)`);
  }

  /** Takes a delivery: it will be made, whatever happens to this process. */
  accept({ owner, account, region, job, cause, delayMs = 0 }: NewDelivery): void {
    const now = this.#now;
    const fresh = this.#fresh.get(owner) ?? [];
    const isFresh = delayMs === 0 && fresh.length < AT_ONCE;
    const due = now + delayMs;
    const { lastInsertRowid } = this.#add.run(owner, account, region, job, cause, now, isFresh ? null : due);
    if (isFresh) {
      fresh.push({ id: Number(lastInsertRowid), owner, account, region, job, cause, acceptedAt: now, attempts: 0 });
      this.#fresh.set(owner, fresh);
    } else this.#waiting.add(owner);
    this.#wake(owner, due, cause);
  }

  /** Takes a delivery whose first attempt is under way already. */
  follow(attempt: Attempt, job: string, call: Promise<void>): void {
    const { owner, account, region, cause, acceptedAt } = attempt;
    const { lastInsertRowid } = this.#add.run(owner, account, region, job, cause, acceptedAt, null);
    void this.#attempt({ ...attempt, id: Number(lastInsertRowid), job }, () => call);
  }

  /** Posts the wake-ups of all deliveries: those that were under way when the cloud ended are made again. */
  resume(): void {
    this.#void.run(this.#now);
    for (const row of this.#owners.all()) {
      const owner = String(row['owner']);
      this.#waiting.add(owner);
      this.#wakeForNext(owner, 0);
    }
  }

  /** What is under way now counts as not made. */
  stop(): void {
    this.#isStopped = true;
  }

  get #now(): number {
    return this.#options.environment.scheduler.now;
  }

  #wake(owner: string, due: number, cause: number): void {
    this.#options.environment.scheduler.wake(`${owner}#deliveries`, due, `deliveries of ${owner}`, cause, () =>
      this.#runDue(owner),
    );
  }

  #wakeForNext(owner: string, cause: number): void {
    // min() has one row, whose column is null when there are none.
    const [due] = this.#nextDue.get(owner) as unknown as readonly [number | null];
    if (due === null) this.#waiting.delete(owner);
    else this.#wake(owner, due, cause);
  }

  #runDue(owner: string): void {
    const due = this.#take(owner);
    for (const delivery of this.#options.order?.(owner, due) ?? due) {
      if (!this.#postponed(delivery)) void this.#attempt({ ...delivery, attempts: delivery.attempts + 1 });
    }
    if (this.#waiting.has(owner)) this.#wakeForNext(owner, due.at(-1)?.cause ?? 0);
  }

  /** Whether it has to wait for its turn. */
  #postponed(delivery: Delivery): boolean {
    const place = this.#options.pace?.(delivery) ?? 0;
    if (place <= this.#now) return false;
    if (place - delivery.acceptedAt > this.#options.rulesOf(delivery).maxAgeMs) void this.#giveUpUntried(delivery);
    else this.#later(delivery, place);
    return true;
  }

  /** Its turn would come after its time. */
  async #giveUpUntried(delivery: Delivery): Promise<void> {
    const { environment, giveUp } = this.#options;
    using _activity = environment.scheduler.begin('delivery', `a delivery of ${delivery.owner}`, delivery.cause);
    const error = new RetryableError('its turn does not come before it is too old');
    await giveUp(delivery, { error, exhausted: 'MaximumEventAgeInSeconds' });
    if (!this.#isStopped) this.#delete.run(delivery.id);
  }

  #later({ id, owner, attempts, cause }: Delivery, due: number): void {
    this.#release.run(due, attempts, id);
    this.#waiting.add(owner);
    this.#wake(owner, due, cause);
  }

  /** What is due of an owner, leased, in the order in which it was accepted. */
  #take(owner: string): readonly Delivery[] {
    // Not if whoever accepted it was rolled back.
    const fresh = (this.#fresh.get(owner) ?? []).filter(({ id }) => this.#exists.get(id) !== undefined);
    this.#fresh.delete(owner);
    if (!this.#waiting.has(owner)) return fresh;
    return this.#options.environment.store.transaction(() => {
      const rows = this.#due.all(owner, this.#now, AT_ONCE) as unknown as Delivery[]; // the columns of a delivery, by its names
      for (const { id } of rows) this.#lease.run(id);
      return [...rows, ...fresh].sort((a, b) => a.id - b.id);
    });
  }

  /** Never rejects. */
  async #attempt(delivery: Delivery, send = this.#options.send): Promise<void> {
    const { owner, cause } = delivery;
    using activity = this.#options.environment.scheduler.begin('delivery', `a delivery of ${owner}`, cause);
    try {
      await send(delivery, activity);
      if (!this.#isStopped) this.#delete.run(delivery.id);
    } catch (error) {
      if (!this.#isStopped) await this.#failed(delivery, error);
    }
  }

  async #failed(delivery: Delivery, error: unknown): Promise<void> {
    const { giveUp, rulesOf } = this.#options;
    const { maxRetries, maxAgeMs } = rulesOf(delivery);
    const due = this.#now + this.#delayAfter(error, delivery);
    const exhausted =
      delivery.attempts > maxRetries
        ? 'MaximumRetryAttempts'
        : due - delivery.acceptedAt > maxAgeMs
          ? 'MaximumEventAgeInSeconds'
          : undefined;
    if (canSucceedLater(error) && exhausted === undefined) {
      this.#later(delivery, due);
      return;
    }
    await giveUp(delivery, { error, exhausted: canSucceedLater(error) ? exhausted : undefined });
    if (!this.#isStopped) this.#delete.run(delivery.id);
  }

  /** How long to wait until the next attempt, in ms: the back-off, or longer when the target asks for that. */
  #delayAfter(error: unknown, delivery: Delivery): number {
    const backoff = Math.min(FIRST_BACKOFF_MS * 2 ** (delivery.attempts - 1), MAX_BACKOFF_MS);
    const share = this.#options.jitter?.(delivery) ?? 1;
    const asked = error instanceof RetryableError ? error.afterMs : undefined;
    return Math.max(asked ?? 0, Math.ceil(backoff * share));
  }
}

const THROTTLED = /Throttl|TooManyRequests|ThroughputExceeded|SlowDown|LimitExceeded|KMSThrottling/;

/** Whether the same delivery may succeed when it is tried again. */
export const canSucceedLater = (error: unknown): boolean =>
  error instanceof RetryableError ||
  (isAwsError(error) && error.name !== 'NotImplemented' && (error.$fault === 'server' || THROTTLED.test(error.name)));
