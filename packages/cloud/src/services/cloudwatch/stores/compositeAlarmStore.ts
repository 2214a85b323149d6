import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../../kernel/names.ts';
import type { Store } from '../../../kernel/store.ts';
import type { CompositeAlarm } from '../compositeAlarm.ts';
import type { HistoryItem } from './alarmStore.ts';

/** All SQL about composite alarms. */
export class CompositeAlarmStore {
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #list: StatementSync;
  readonly #addHistory: StatementSync;
  readonly #history: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists cloudwatch_composite_alarm(account text not null, region text not null, name text not null,
        document text not null, primary key(account, region, name)) without rowid;
      create table if not exists cloudwatch_composite_history(id integer primary key, account text not null, region text not null,
        name text not null, at integer not null, type text not null, summary text not null, data text not null)`);
    const here = 'account = ? and region = ?';
    this.#get = store.prepareArrays(`select document from cloudwatch_composite_alarm where ${here} and name = ?`);
    this.#put = store.prepare(
      'insert into cloudwatch_composite_alarm values (?, ?, ?, ?) on conflict do update set document = excluded.document',
    );
    this.#delete = store.prepare(`delete from cloudwatch_composite_alarm where ${here} and name = ?`);
    this.#list = store.prepareArrays(`select document from cloudwatch_composite_alarm where ${here} order by name`);
    this.#addHistory = store.prepare(
      'insert into cloudwatch_composite_history(account, region, name, at, type, summary, data) values (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#history = store.prepare(
      `select name, at, type, summary, data from cloudwatch_composite_history where ${here} order by id desc`,
    );
  }

  find({ account, region }: Scope, name: string): CompositeAlarm | undefined {
    const row = this.#get.get(account, region, name);
    return row === undefined ? undefined : alarmOf(row);
  }

  put(alarm: CompositeAlarm): void {
    this.#put.run(alarm.account, alarm.region, alarm.name, JSON.stringify(alarm));
  }

  delete({ account, region }: Scope, name: string): void {
    this.#delete.run(account, region, name);
  }

  list({ account, region }: Scope): CompositeAlarm[] {
    return this.#list.all(account, region).map(alarmOf);
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
const alarmOf = (row: unknown): CompositeAlarm => JSON.parse(String((row as readonly unknown[])[0])) as CompositeAlarm;
