import type { StatementSync } from 'node:sqlite';
import type { Store } from '../../kernel/store.ts';

/** How long a FIFO queue remembers what was sent. */
export const DEDUPLICATION_MS = 300_000;

/** A message that was sent under a key of deduplication: its id for users, and its number. */
export type SentBefore = readonly [mid: string, id: number];

/** All SQL about what FIFO queues remember for five minutes: keys of messages, and attempts to receive. */
export class DeduplicationStore {
  readonly #find: StatementSync;
  readonly #add: StatementSync;
  readonly #findAttempt: StatementSync;
  readonly #addAttempt: StatementSync;
  readonly #next: StatementSync;
  readonly #forget: readonly StatementSync[];
  readonly #forgetQueue: readonly StatementSync[];

  constructor(store: Store) {
    store.define(`create table if not exists sqs_deduplication(queue integer not null, key text not null, expires integer not null, mid text not null,
        id integer not null, primary key(queue, key)) without rowid;
      create index if not exists sqs_deduplication_expires on sqs_deduplication(expires);
      create table if not exists sqs_attempt(queue integer not null, attempt text not null, expires integer not null, receipts text not null,
        primary key(queue, attempt)) without rowid;
      create index if not exists sqs_attempt_expires on sqs_attempt(expires)`);
    this.#find = store.prepareArrays(
      'select mid, id from sqs_deduplication where queue = ? and key = ? and expires > ?',
    );
    this.#add = store.prepare('insert or replace into sqs_deduplication values (?, ?, ?, ?, ?)');
    this.#findAttempt = store.prepareArrays(
      'select receipts from sqs_attempt where queue = ? and attempt = ? and expires > ?',
    );
    this.#addAttempt = store.prepare('insert or replace into sqs_attempt values (?, ?, ?, ?)');
    this.#next = store.prepareArrays(
      'select min(expires) from (select min(expires) as expires from sqs_deduplication union all select min(expires) from sqs_attempt)',
    );
    this.#forget = [
      store.prepare(
        'delete from sqs_deduplication where (queue, key) in (select queue, key from sqs_deduplication where expires <= ? limit 1000)',
      ),
      store.prepare(
        'delete from sqs_attempt where (queue, attempt) in (select queue, attempt from sqs_attempt where expires <= ? limit 1000)',
      ),
    ];
    this.#forgetQueue = ['sqs_deduplication', 'sqs_attempt'].map((table) =>
      store.prepare(`delete from ${table} where queue = ?`),
    );
  }

  /** What was sent under one key, or another. */
  find(queue: number, key: string, other: string, now: number): SentBefore | undefined {
    return this.#findOne(queue, key, now) ?? (other === key ? undefined : this.#findOne(queue, other, now));
  }

  #findOne(queue: number, key: string, now: number): SentBefore | undefined {
    return this.#find.get(queue, key, now) as unknown as SentBefore | undefined; // the columns selected
  }

  add(queue: number, key: string, expires: number, mid: string, id: number): void {
    this.#add.run(queue, key, expires, mid, id);
  }

  /** What an attempt to receive got, as the text that was kept. */
  findAttempt(queue: number, attempt: string, now: number): string | undefined {
    return (this.#findAttempt.get(queue, attempt, now) as unknown as readonly [string] | undefined)?.[0]; // the column selected
  }

  addAttempt(queue: number, attempt: string, expires: number, receipts: string): void {
    this.#addAttempt.run(queue, attempt, expires, receipts);
  }

  /** When something may be forgotten next. */
  nextExpiry(): number | undefined {
    return (this.#next.get() as unknown as readonly [number | null])[0] ?? undefined; // the column selected
  }

  /** Forgets some of what has expired. */
  forget(now: number): void {
    for (const statement of this.#forget) statement.run(now);
  }

  forgetQueue(queue: number): void {
    for (const statement of this.#forgetQueue) statement.run(queue);
  }
}
