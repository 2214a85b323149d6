import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../../kernel/names.ts';
import type { Store } from '../../../kernel/store.ts';
import type { Schedule } from '../schedule.ts';

/** When a schedule is due, and for which time of its own: they differ by its flexible window. */
export interface Due {
  readonly due: number;
  readonly time: number;
}

export interface DueSchedule extends Due {
  readonly schedule: Schedule;
}

/** Whether a schedule ends by itself: the two have wake-ups of their own. */
export type Kind = 'once' | 'repeat';

/** All SQL about schedules. */
export class ScheduleStore {
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #setDue: StatementSync;
  readonly #delete: StatementSync;
  readonly #list: StatementSync;
  readonly #due: StatementSync;
  readonly #nextDue: StatementSync;
  /** Schedules that ran, by their keys: they mostly run again. */
  readonly #known = new Map<string, Schedule>();

  constructor(store: Store) {
    store.define(`create table if not exists scheduler_schedule(
        account text not null, region text not null, grp text not null, name text not null, document text not null, kind text not null,
        due integer, time integer, primary key(account, region, grp, name)) without rowid;
      create index if not exists scheduler_schedule_due on scheduler_schedule(kind, due) where due is not null`);
    const one = 'account = ? and region = ? and grp = ? and name = ?';
    this.#get = store.prepareArrays(`select document from scheduler_schedule where ${one}`);
    this.#put = store.prepare(`insert into scheduler_schedule values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do update
      set document = excluded.document, kind = excluded.kind, due = excluded.due, time = excluded.time`);
    this.#setDue = store.prepare(`update scheduler_schedule set due = ?, time = ? where ${one}`);
    this.#delete = store.prepare(`delete from scheduler_schedule where ${one}`);
    this.#list = store.prepareArrays(`select document from scheduler_schedule where account = ? and region = ?
      order by grp, name`);
    this.#due = store.prepareArrays(`select account, region, grp, name, due, time from scheduler_schedule
      where kind = ? and due is not null and due <= ? order by due, account, region, grp, name`);
    this.#nextDue = store.prepareArrays(`select min(due) from scheduler_schedule where kind = ? and due is not null`);
  }

  find({ account, region }: Scope, group: string, name: string): Schedule | undefined {
    const row = this.#get.get(account, region, group, name);
    return row === undefined ? undefined : documentOf(row);
  }

  put(schedule: Schedule, kind: Kind, next: Due | undefined): void {
    const { account, region, group, name } = schedule;
    this.#known.delete(keyOf(account, region, group, name));
    this.#put.run(account, region, group, name, JSON.stringify(schedule), kind, next?.due ?? null, next?.time ?? null);
  }

  setDue({ account, region, group, name }: Schedule, next: Due | undefined): void {
    this.#setDue.run(next?.due ?? null, next?.time ?? null, account, region, group, name);
  }

  delete({ account, region, group, name }: Schedule): void {
    this.#known.delete(keyOf(account, region, group, name));
    this.#delete.run(account, region, group, name);
  }

  /** By group and name. */
  list({ account, region }: Scope): Schedule[] {
    return this.#list.all(account, region).map(documentOf);
  }

  /** Schedules of all accounts that are due. */
  due(kind: Kind, now: number): DueSchedule[] {
    return this.#due.all(kind, now).flatMap((row) => {
      const [account, region, group, name, due, time] = row as unknown as DueRow; // prepared to give arrays
      const schedule = this.#knownOf(account, region, group, name);
      return schedule === undefined ? [] : [{ schedule, due, time }];
    });
  }

  #knownOf(account: string, region: string, group: string, name: string): Schedule | undefined {
    const key = keyOf(account, region, group, name);
    let schedule = this.#known.get(key);
    if (schedule === undefined) {
      schedule = this.find({ account, region }, group, name);
      if (this.#known.size >= MOST_KNOWN) this.#known.clear();
      if (schedule !== undefined) this.#known.set(key, schedule);
    }
    return schedule;
  }

  nextDue(kind: Kind): number | undefined {
    const [due] = this.#nextDue.get(kind) as unknown as readonly [number | null]; // min() has one row
    return due ?? undefined;
  }
}

type DueRow = readonly [account: string, region: string, group: string, name: string, due: number, time: number];

const MOST_KNOWN = 10_000;

const keyOf = (...parts: readonly string[]): string => parts.join('\0');

/** The first column: written from a schedule by `put`. */
const documentOf = (row: unknown): Schedule => JSON.parse(String((row as readonly unknown[])[0])) as Schedule;
