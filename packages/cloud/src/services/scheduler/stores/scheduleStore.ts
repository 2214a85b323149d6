import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../../kernel/names.ts';
import { RowCache } from '../../../kernel/rowCache.ts';
import type { ServiceEnvironment } from '../../../kernel/service.ts';
import { isOnce, type Schedule, scheduleArn } from '../schedule.ts';

/** Whether a schedule ends by itself. */
export type Kind = 'once' | 'repeat';

/** When a schedule runs next, and the time for which it asked. */
export interface Due {
  readonly time: number;
  readonly due: number;
}

/** A schedule that is due. */
export interface DueSchedule extends Due {
  readonly id: number;
  readonly arn: string;
  readonly schedule: Schedule;
}

/** What is due of a kind. */
export interface AllDue {
  readonly schedules: readonly DueSchedule[];
  /** When to look again; undefined: when something changes. */
  readonly next: number | undefined;
}

/** All SQL about schedules. When they are due stands in a small row of its own, which each run writes. */
export class ScheduleStore {
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #list: StatementSync;
  readonly #byId: StatementSync;
  readonly #putDue: StatementSync;
  readonly #setDue: StatementSync;
  readonly #deleteDue: StatementSync;
  readonly #due: StatementSync;
  /** Schedules that ran, by id: they mostly run again. */
  readonly #known: RowCache<number, Pick<DueSchedule, 'arn' | 'schedule'>>;

  constructor({ store, scheduler }: Pick<ServiceEnvironment, 'store' | 'scheduler'>) {
    this.#known = new RowCache(scheduler);
    store.define(`create table if not exists scheduler_schedule(
        id integer primary key, account text not null, region text not null, grp text not null, name text not null, document text not null,
        unique(account, region, grp, name));
      create table if not exists scheduler_due(schedule integer primary key, once integer not null, due integer not null, time integer not null);
      create index if not exists scheduler_due_next on scheduler_due(once, due)`);
    const one = 'account = ? and region = ? and grp = ? and name = ?';
    this.#get = store.prepareArrays(`select document from scheduler_schedule where ${one}`);
    this.#put =
      store.prepareArrays(`insert into scheduler_schedule(account, region, grp, name, document) values (?, ?, ?, ?, ?)
      on conflict do update set document = excluded.document returning id`);
    this.#delete = store.prepareArrays(`delete from scheduler_schedule where ${one} returning id`);
    this.#list = store.prepareArrays(`select document from scheduler_schedule where account = ? and region = ?
      order by grp, name`);
    this.#byId = store.prepareArrays('select document from scheduler_schedule where id = ?');
    this.#putDue = store.prepare(`insert into scheduler_due values (?, ?, ?, ?) on conflict do update
      set once = excluded.once, due = excluded.due, time = excluded.time`);
    this.#setDue = store.prepare('update scheduler_due set due = ?, time = ? where schedule = ?');
    this.#deleteDue = store.prepare('delete from scheduler_due where schedule = ?');
    this.#due = store.prepareArrays(
      'select schedule, due, time from scheduler_due where once = ? order by due, schedule limit +?',
    );
  }

  find({ account, region }: Scope, group: string, name: string): Schedule | undefined {
    const row = this.#get.get(account, region, group, name);
    return row === undefined ? undefined : documentOf(row);
  }

  put(schedule: Schedule, next: Due | undefined): void {
    const { account, region, group, name } = schedule;
    const id = idOf(this.#put.get(account, region, group, name, JSON.stringify(schedule)));
    this.#known.delete(id);
    if (next === undefined) this.#deleteDue.run(id);
    else this.#putDue.run(id, isOnce(schedule) ? 1 : 0, next.due, next.time);
  }

  /** Says when a schedule that was due is due again. */
  setDue(id: number, next: Due | undefined): void {
    if (next === undefined) this.#deleteDue.run(id);
    else this.#setDue.run(next.due, next.time, id);
  }

  delete({ account, region, group, name }: Schedule): void {
    const id = idOf(this.#delete.get(account, region, group, name));
    this.#known.delete(id);
    this.#deleteDue.run(id);
  }

  /** By group and name. */
  list({ account, region }: Scope): Schedule[] {
    return this.#list.all(account, region).map(documentOf);
  }

  /**
   * Schedules of all accounts that are due, the first first.
   *
   * @param most - how many are wanted
   */
  due(kind: Kind, now: number, most: number): AllDue {
    const once = kind === 'once' ? 1 : 0;
    // Mostly one is due, and the next says when to look again.
    let rows = this.#due.all(once, 2) as unknown as DueRow[]; // prepared to give arrays
    const last = rows[1];
    if (last !== undefined && last[1] <= now) rows = this.#due.all(once, most + 1) as unknown as DueRow[]; // as above
    const schedules: DueSchedule[] = [];
    for (const [id, due, time] of rows) {
      if (due > now || schedules.length === most) return { schedules, next: due };
      const known = this.#knownOf(id);
      if (known !== undefined) schedules.push({ id, due, time, ...known });
    }
    return { schedules, next: undefined };
  }

  #knownOf(id: number): Pick<DueSchedule, 'arn' | 'schedule'> | undefined {
    let known = this.#known.get(id);
    if (known === undefined) {
      const row = this.#byId.get(id);
      if (row === undefined) return undefined;
      const schedule = documentOf(row);
      known = { schedule, arn: scheduleArn(schedule) };
      if (this.#known.size >= MOST_KNOWN) this.#known.clear();
      this.#known.set(id, known);
    }
    return known;
  }

  nextDue(kind: Kind): number | undefined {
    const [row] = this.#due.all(kind === 'once' ? 1 : 0, 1) as unknown as DueRow[]; // prepared to give arrays
    return row?.[1];
  }
}

type DueRow = readonly [schedule: number, due: number, time: number];

const MOST_KNOWN = 10_000;

/** The first column: written from a schedule by `put`. */
const documentOf = (row: unknown): Schedule => JSON.parse(String((row as readonly unknown[])[0])) as Schedule;

/** The one column returned, of a row that is there. */
const idOf = (row: unknown): number => (row as readonly [number])[0];
