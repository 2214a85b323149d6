import type { StatementSync } from 'node:sqlite';
import type { Store } from '../../kernel/store.ts';
import type { RowKey } from './keys.ts';

/** A stored item: its size as DynamoDB counts, and its text in wire form. */
export type Row = readonly [size: number, text: string];

/** Some of the rows of one partition, in the order of the sort key. */
export interface Range {
  readonly hash: number;
  readonly partition: Uint8Array;
  /** The first sort key that is in it. */
  readonly low: Uint8Array;
  /** The first sort key after it, if it has an end. */
  readonly high: Uint8Array | undefined;
  readonly descending: boolean;
}

/** Where to go on: behind this row. `table` is its key in the table when the rows are an index's. */
export interface Cursor {
  readonly key: RowKey;
  readonly table?: RowKey;
}

/** A part of a scan: rows whose partition hash is in [low, high). */
export interface Segment {
  readonly low: number;
  readonly high: number;
}

// A bound LIMIT makes SQLite prepare the statement anew at each call (3 µs) unless it stands in an expression.
const LIMIT = 'limit +?';

/** Prepared statements by what varies in them. */
class Statements {
  readonly #store: Store;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(store: Store) {
    this.#store = store;
  }

  get(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) this.#prepared.set(sql, (statement = this.#store.prepareArrays(sql)));
    return statement;
  }
}

/** The items of a table, or of one of its indexes: all SQL on them. */
export class Rows {
  readonly #name: string;
  readonly #isIndex: boolean;
  readonly #statements: Statements;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;

  constructor(store: Store, name: string, isIndex: boolean) {
    this.#name = name;
    this.#isIndex = isIndex;
    const columns = isIndex
      ? 'h int not null, ik blob not null, isk blob not null, pk blob not null, sk blob not null'
      : 'h int not null, pk blob not null, sk blob not null';
    const key = isIndex ? 'h, ik, isk, pk, sk' : 'h, pk, sk';
    store.define(
      `create table if not exists ${name}(${columns}, size int not null, item text not null, primary key(${key})) without rowid`,
    );
    this.#statements = new Statements(store);
    this.#put = store.prepare(
      `insert into ${name} values (${isIndex ? '?, ?, ?, ?, ?, ?, ?' : '?, ?, ?, ?, ?'}) on conflict do update set size = excluded.size, item = excluded.item`,
    );
    this.#delete = store.prepare(
      `delete from ${name} where h = ? and ${isIndex ? 'ik = ? and isk = ? and ' : ''}pk = ? and sk = ?`,
    );
  }

  put(key: RowKey, size: number, text: string): void {
    this.#put.run(key.hash, key.partition, key.sort, size, text);
  }

  delete(key: RowKey): void {
    this.#delete.run(key.hash, key.partition, key.sort);
  }

  putIndexed(key: RowKey, table: RowKey, size: number, text: string): void {
    this.#put.run(key.hash, key.partition, key.sort, table.partition, table.sort, size, text);
  }

  deleteIndexed(key: RowKey, table: RowKey): void {
    this.#delete.run(key.hash, key.partition, key.sort, table.partition, table.sort);
  }

  /** At most `limit` rows of a partition. */
  range({ hash, partition, low, high, descending }: Range, cursor: Cursor | undefined, limit: number): Row[] {
    const [p, s] = this.#isIndex ? ['ik', 'isk'] : ['pk', 'sk'];
    const columns = this.#isIndex ? ['isk', 'pk', 'sk'] : ['sk'];
    const direction = descending ? ' desc' : '';
    const after =
      cursor === undefined
        ? ''
        : ` and (${columns.join(', ')}) ${descending ? '<' : '>'} (${columns.map(() => '?').join(', ')})`;
    const sql = `select size, item from ${this.#name} where h = ? and ${p} = ? and ${s} >= ?${high === undefined ? '' : ` and ${s} < ?`}${after} order by ${columns.map((column) => column + direction).join(', ')} ${LIMIT}`;
    const statement = this.#statements.get(sql);
    const end = high === undefined ? [] : [high];
    return statement.all(hash, partition, low, ...end, ...this.#position(cursor), limit) as unknown as Row[]; // the columns selected
  }

  /** At most `limit` rows in the order of a scan. */
  scan({ low, high }: Segment, cursor: Cursor | undefined, limit: number): Row[] {
    const columns = this.#isIndex ? 'h, ik, isk, pk, sk' : 'h, pk, sk';
    const order = `order by ${columns} ${LIMIT}`;
    if (cursor === undefined) {
      const first = this.#statements.get(`select size, item from ${this.#name} where h >= ? and h < ? ${order}`);
      return first.all(low, high, limit) as unknown as Row[]; // the columns selected
    }
    const places = this.#isIndex ? '?, ?, ?, ?, ?' : '?, ?, ?';
    const { hash, partition } = cursor.key;
    const next = this.#statements.get(
      `select size, item from ${this.#name} where (${columns}) > (${places}) and h < ? ${order}`,
    );
    return next.all(hash, partition, ...this.#position(cursor), high, limit) as unknown as Row[]; // the columns selected
  }

  #position(cursor: Cursor | undefined): Uint8Array[] {
    if (cursor === undefined) return [];
    const { key, table } = cursor;
    return this.#isIndex && table !== undefined ? [key.sort, table.partition, table.sort] : [key.sort];
  }

  /** How many rows there are, and their sizes' sum: it reads all of them. */
  measure(): { readonly count: number; readonly bytes: number } {
    const [count, bytes] = this.#statements
      .get(`select count(*), coalesce(sum(size), 0) from ${this.#name}`)
      .get() as unknown as [number, number]; // the columns selected
    return { count, bytes };
  }
}

/** The rows of a table and of its indexes. */
export class TableRows extends Rows {
  readonly indexes: readonly Rows[];
  readonly #get: StatementSync;

  /** @param names - of its SQLite table, then of its indexes' */
  constructor(store: Store, name: string, indexes: readonly string[]) {
    super(store, name, false);
    this.indexes = indexes.map((index) => new Rows(store, index, true));
    this.#get = store.prepareArrays(`select size, item from ${name} where h = ? and pk = ? and sk = ?`);
  }

  get({ hash, partition, sort }: RowKey): Row | undefined {
    return this.#get.get(hash, partition, sort) as unknown as Row | undefined; // the columns selected
  }
}
