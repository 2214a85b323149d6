import type { StatementSync } from 'node:sqlite';
import type { Store } from '../../kernel/store.ts';

export type MoveStatus = 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

/** A task that moves messages out of a dead-letter queue. */
export interface MoveTask {
  readonly id: string;
  readonly source: string;
  /** Where to; undefined: each message where it came from. */
  readonly destination: string | undefined;
  /** Messages a second. */
  readonly rate: number | undefined;
  readonly status: MoveStatus;
  readonly moved: number;
  readonly toMove: number;
  readonly started: number;
  readonly failure: string | undefined;
}

type Row = Readonly<Record<string, string | number | null>>;

/** All SQL about tasks that move messages. */
export class MoveTaskStore {
  readonly #put: StatementSync;
  readonly #get: StatementSync;
  readonly #of: StatementSync;
  readonly #running: StatementSync;
  readonly #forget: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists sqs_move_task(id text primary key, source text not null, destination text, rate integer,
        status text not null, moved integer not null, to_move integer not null, started integer not null, failure text) without rowid;
      create index if not exists sqs_move_task_source on sqs_move_task(source, started)`);
    this.#put = store.prepare('insert or replace into sqs_move_task values (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#get = store.prepare('select * from sqs_move_task where id = ?');
    this.#of = store.prepare('select * from sqs_move_task where source = ? order by started desc, id limit +?');
    this.#running = store.prepare(`select * from sqs_move_task where status = 'RUNNING'`);
    this.#forget = store.prepare('delete from sqs_move_task where source = ?');
  }

  put({ id, source, destination, rate, status, moved, toMove, started, failure }: MoveTask): void {
    this.#put.run(id, source, destination ?? null, rate ?? null, status, moved, toMove, started, failure ?? null);
  }

  get(id: string): MoveTask | undefined {
    const row = this.#get.get(id);
    return row === undefined ? undefined : taskOf(row as Row); // the columns of the table
  }

  /** The latest tasks of a queue. */
  of(source: string, limit: number): MoveTask[] {
    return this.#of.all(source, limit).map((row) => taskOf(row as Row)); // the columns of the table
  }

  running(): MoveTask[] {
    return this.#running.all().map((row) => taskOf(row as Row)); // the columns of the table
  }

  forget(source: string): void {
    this.#forget.run(source);
  }
}

const taskOf = (row: Row): MoveTask => ({
  id: String(row['id']),
  source: String(row['source']),
  destination: row['destination'] === null ? undefined : String(row['destination']),
  rate: row['rate'] === null ? undefined : Number(row['rate']),
  status: row['status'] as MoveStatus, // as it was written
  moved: Number(row['moved']),
  toMove: Number(row['to_move']),
  started: Number(row['started']),
  failure: row['failure'] === null ? undefined : String(row['failure']),
});
