import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../../kernel/names.ts';
import type { Store } from '../../../kernel/store.ts';
import type { Alarm } from '../alarm.ts';

/** One entry of an alarm's history. */
export interface HistoryItem {
  readonly name: string;
  readonly at: number;
  readonly type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action';
  readonly summary: string;
  /** JSON */
  readonly data: string;
}

/** All SQL about alarms. */
export class AlarmStore {
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #list: StatementSync;
  readonly #all: StatementSync;
  readonly #addHistory: StatementSync;
  readonly #history: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists cloudwatch_alarm(account text not null, region text not null, name text not null,
        document text not null, primary key(account, region, name)) without rowid;
      create table if not exists cloudwatch_history(id integer primary key, account text not null, region text not null, name text not null,
        at integer not null, type text not null, summary text not null, data text not null)`);
    this.#get = store.prepareArrays(
      'select document from cloudwatch_alarm where account = ? and region = ? and name = ?',
    );
    this.#put = store.prepare(
      'insert into cloudwatch_alarm values (?, ?, ?, ?) on conflict do update set document = excluded.document',
    );
    this.#delete = store.prepare('delete from cloudwatch_alarm where account = ? and region = ? and name = ?');
    this.#list = store.prepareArrays(
      'select document from cloudwatch_alarm where account = ? and region = ? order by name',
    );
    this.#all = store.prepareArrays('select document from cloudwatch_alarm');
    this.#addHistory = store.prepare(
      'insert into cloudwatch_history(account, region, name, at, type, summary, data) values (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#history = store.prepare(
      'select name, at, type, summary, data from cloudwatch_history where account = ? and region = ? order by id desc',
    );
  }

  find({ account, region }: Scope, name: string): Alarm | undefined {
    const row = this.#get.get(account, region, name);
    return row === undefined ? undefined : alarmOf(row);
  }

  put(alarm: Alarm): void {
    this.#put.run(alarm.account, alarm.region, alarm.name, JSON.stringify(alarm));
  }

  delete({ account, region }: Scope, name: string): void {
    this.#delete.run(account, region, name);
  }

  list({ account, region }: Scope): Alarm[] {
    return this.#list.all(account, region).map(alarmOf);
  }

  /** Of all accounts and regions. */
  all(): Alarm[] {
    return this.#all.all().map(alarmOf);
  }

  addHistory({ account, region }: Scope, { name, at, type, summary, data }: HistoryItem): void {
    this.#addHistory.run(account, region, name, at, type, summary, data);
  }

  /** The newest first. */
  history({ account, region }: Scope): HistoryItem[] {
    return this.#history.all(account, region) as unknown as HistoryItem[]; // the columns selected
  }
}

/** The first column: written from an alarm by `put`. */
const alarmOf = (row: unknown): Alarm => JSON.parse(String((row as readonly unknown[])[0])) as Alarm;
