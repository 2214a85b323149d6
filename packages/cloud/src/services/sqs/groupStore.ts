import type { StatementSync } from 'node:sqlite';
import type { Store } from '../../kernel/store.ts';

/** A group of a FIFO queue, as a receive finds it. */
export type GroupRow = readonly [id: number, name: string];

/** All SQL about the message groups of FIFO queues. A group's time is its first message's: from then on it may be received. */
export class GroupStore {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #move: StatementSync;
  readonly #remove: StatementSync;
  readonly #due: StatementSync;
  readonly #nextDue: StatementSync;
  readonly #clear: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists sqs_group(id integer primary key, bucket integer not null, name text not null, at integer not null);
      create unique index if not exists sqs_group_name on sqs_group(bucket, name);
      create index if not exists sqs_group_due on sqs_group(bucket, at)`);
    this.#find = store.prepareArrays('select id from sqs_group where bucket = ? and name = ?');
    this.#insert = store.prepare('insert into sqs_group(id, bucket, name, at) values (?, ?, ?, ?)');
    this.#move = store.prepare('update sqs_group set at = ? where id = ?');
    this.#remove = store.prepare('delete from sqs_group where id = ?');
    this.#due = store.prepareArrays('select id, name from sqs_group where bucket = ? and at <= ? order by at limit +?');
    this.#nextDue = store.prepareArrays('select at from sqs_group where bucket = ? and at > ? order by at limit 1');
    this.#clear = store.prepare(
      'delete from sqs_group where id in (select id from sqs_group where bucket = ? limit +?)',
    );
  }

  /**
   * The id of a group for a message that may be received from `at` on. A new group has its time from that message, and its id too: one that was
   * given twice would make two groups one.
   */
  ensure(bucket: number, name: string, at: number, message: number): number {
    const row = this.#find.get(bucket, name) as unknown as readonly [number] | undefined; // the column selected
    if (row !== undefined) return row[0];
    this.#insert.run(message, bucket, name, at);
    return message;
  }

  move(id: number, at: number): void {
    this.#move.run(at, id);
  }

  remove(id: number): void {
    this.#remove.run(id);
  }

  /** Groups whose first message may be received, the longest due first. */
  due(bucket: number, now: number, limit: number): GroupRow[] {
    return this.#due.all(bucket, now, limit) as unknown as GroupRow[]; // the columns selected
  }

  /** When the next group's first message becomes visible, after `now`. */
  nextDue(bucket: number, now: number): number | undefined {
    return (this.#nextDue.get(bucket, now) as unknown as readonly [number] | undefined)?.[0]; // the column selected
  }

  /** Removes up to `limit` groups of a bucket. @returns how many were removed */
  clear(bucket: number, limit: number): number {
    return Number(this.#clear.run(bucket, limit).changes);
  }
}
