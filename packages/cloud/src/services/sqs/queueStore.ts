import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../kernel/names.ts';
import type { Store } from '../../kernel/store.ts';
import type { QueueDefinition } from './queue.ts';

/** A queue's row. */
export interface QueueRow {
  readonly scope: Scope;
  readonly name: string;
  readonly number: number;
  readonly bucket: number;
  readonly definition: QueueDefinition;
}

type Columns = readonly [
  account: string,
  region: string,
  name: string,
  number: number,
  bucket: number,
  definition: string,
];

const COLUMNS = 'account, region, name, number, bucket, definition';

/** All SQL about queues, and about the buckets that their messages are in. */
export class QueueStore {
  readonly #find: StatementSync;
  readonly #all: StatementSync;
  readonly #list: StatementSync;
  readonly #insert: StatementSync;
  readonly #define: StatementSync;
  readonly #setBucket: StatementSync;
  readonly #delete: StatementSync;
  readonly #next: StatementSync;
  readonly #newBucket: StatementSync;
  readonly #reserve: StatementSync;
  readonly #reserved: StatementSync;
  readonly #discard: StatementSync;
  readonly #discarded: StatementSync;
  readonly #dropBucket: StatementSync;
  readonly #deletedAt: StatementSync;
  readonly #keepDeleted: StatementSync;
  readonly #forgetDeleted: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists sqs_queue(account text not null, region text not null, name text not null, number integer not null,
        bucket integer not null, definition text not null, primary key(account, region, name)) without rowid;
      create table if not exists sqs_bucket(number integer primary key, reserved integer not null, discarded integer not null);
      create index if not exists sqs_bucket_discarded on sqs_bucket(number) where discarded = 1;
      create table if not exists sqs_deleted(account text not null, region text not null, name text not null, at integer not null,
        primary key(account, region, name)) without rowid;
      create table if not exists sqs_number(next integer not null);
      insert into sqs_number select 0 where not exists (select * from sqs_number)`);
    const here = 'account = ? and region = ? and name = ?';
    this.#find = store.prepareArrays(`select ${COLUMNS} from sqs_queue where ${here}`);
    this.#all = store.prepareArrays(`select ${COLUMNS} from sqs_queue`);
    this.#list = store.prepareArrays(
      'select name from sqs_queue where account = ? and region = ? and name > ? and name >= ? and name < ? order by name limit +?',
    );
    this.#insert = store.prepare('insert into sqs_queue values (?, ?, ?, ?, ?, ?)');
    this.#define = store.prepare(`update sqs_queue set definition = ? where ${here}`);
    this.#setBucket = store.prepare(`update sqs_queue set bucket = ? where ${here}`);
    this.#delete = store.prepare(`delete from sqs_queue where ${here}`);
    this.#next = store.prepareArrays('update sqs_number set next = next + 1 returning next');
    this.#newBucket = store.prepare('insert into sqs_bucket values (?, 0, 0)');
    this.#reserve = store.prepare('update sqs_bucket set reserved = ? where number = ?');
    this.#reserved = store.prepareArrays('select reserved from sqs_bucket where number = ?');
    this.#discard = store.prepare('update sqs_bucket set discarded = 1 where number = ?');
    this.#discarded = store.prepareArrays('select number from sqs_bucket where discarded = 1 limit 1');
    this.#dropBucket = store.prepare('delete from sqs_bucket where number = ?');
    this.#deletedAt = store.prepareArrays(`select at from sqs_deleted where ${here}`);
    this.#keepDeleted = store.prepare('insert or replace into sqs_deleted values (?, ?, ?, ?)');
    this.#forgetDeleted = store.prepare(`delete from sqs_deleted where ${here}`);
  }

  find({ account, region }: Scope, name: string): QueueRow | undefined {
    return rowOf(this.#find.get(account, region, name));
  }

  all(): QueueRow[] {
    return this.#all
      .all()
      .map(rowOf)
      .filter((row) => row !== undefined);
  }

  /** At most `limit` names after `after` that begin with a prefix, in their order. */
  names({ account, region }: Scope, prefix: string, after: string, limit: number): string[] {
    const rows = this.#list.all(account, region, after, prefix, `${prefix}\u{10FFFF}`, limit);
    return rows.map((row) => (row as unknown as readonly [string])[0]); // the column selected
  }

  /** A number that no queue and no bucket ever had. */
  newNumber(): number {
    return (this.#next.get() as unknown as readonly [number])[0]; // the column returned
  }

  newBucket(): number {
    const number = this.newNumber();
    this.#newBucket.run(number);
    return number;
  }

  insert({ scope, name, number, bucket, definition }: QueueRow): void {
    this.#insert.run(scope.account, scope.region, name, number, bucket, JSON.stringify(definition));
  }

  define({ account, region }: Scope, name: string, definition: QueueDefinition): void {
    this.#define.run(JSON.stringify(definition), account, region, name);
  }

  setBucket({ account, region }: Scope, name: string, bucket: number): void {
    this.#setBucket.run(bucket, account, region, name);
  }

  delete({ account, region }: Scope, name: string): void {
    this.#delete.run(account, region, name);
  }

  /** Puts down which ids are taken, so that none comes twice whatever happens. */
  reserve(bucket: number, id: number): void {
    this.#reserve.run(id, bucket);
  }

  reservedOf(bucket: number): number {
    return (this.#reserved.get(bucket) as unknown as readonly [number] | undefined)?.[0] ?? 0; // the column selected
  }

  /** Gives a bucket up: what is in it will be removed little by little. */
  discard(bucket: number): void {
    this.#discard.run(bucket);
  }

  /** A bucket that was given up. */
  discarded(): number | undefined {
    return (this.#discarded.get() as unknown as readonly [number] | undefined)?.[0]; // the column selected
  }

  dropBucket(bucket: number): void {
    this.#dropBucket.run(bucket);
  }

  /** When a queue of this name was deleted. */
  deletedAt({ account, region }: Scope, name: string): number | undefined {
    return (this.#deletedAt.get(account, region, name) as unknown as readonly [number] | undefined)?.[0]; // the column selected
  }

  keepDeleted({ account, region }: Scope, name: string, at: number): void {
    this.#keepDeleted.run(account, region, name, at);
  }

  forgetDeleted({ account, region }: Scope, name: string): void {
    this.#forgetDeleted.run(account, region, name);
  }
}

function rowOf(row: unknown): QueueRow | undefined {
  if (row === undefined) return undefined;
  const [account, region, name, number, bucket, definition] = row as Columns; // the columns selected
  return { scope: { account, region }, name, number, bucket, definition: JSON.parse(definition) as QueueDefinition }; // as it was written
}
