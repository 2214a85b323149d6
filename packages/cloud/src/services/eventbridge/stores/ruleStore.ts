import type { StatementSync } from 'node:sqlite';
import type { Target } from '@aws-sdk/client-eventbridge';
import type { Scope } from '../../../kernel/names.ts';
import type { Store } from '../../../kernel/store.ts';
import type { Rule } from '../rule.ts';

/** Where rules are: a bus of an account and region. */
export interface BusScope extends Scope {
  readonly bus: string;
}

/** All SQL about rules and their targets. `due` says when a scheduled rule is due next (ms; null: it is not). */
export class RuleStore {
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #list: StatementSync;
  readonly #setDue: StatementSync;
  readonly #due: StatementSync;
  readonly #nextDue: StatementSync;
  readonly #target: StatementSync;
  readonly #putTarget: StatementSync;
  readonly #deleteTarget: StatementSync;
  readonly #targets: StatementSync;
  readonly #byTarget: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists events_rule(
        account text not null, region text not null, bus text not null, name text not null, document text not null, due integer,
        primary key(account, region, bus, name)) without rowid;
      create index if not exists events_rule_due on events_rule(due) where due is not null;
      create table if not exists events_target(
        account text not null, region text not null, bus text not null, rule text not null, id text not null, arn text not null,
        document text not null, primary key(account, region, bus, rule, id)) without rowid;
      create index if not exists events_target_arn on events_target(account, region, bus, arn)`);
    const here = 'account = ? and region = ? and bus = ?';
    this.#get = store.prepareArrays(`select document from events_rule where ${here} and name = ?`);
    this.#put = store.prepare(`insert into events_rule values (?, ?, ?, ?, ?, ?)
      on conflict do update set document = excluded.document, due = excluded.due`);
    this.#delete = store.prepare(`delete from events_rule where ${here} and name = ?`);
    this.#list = store.prepareArrays(`select document from events_rule where ${here} and name > ? order by name`);
    this.#setDue = store.prepare(`update events_rule set due = ? where ${here} and name = ?`);
    this.#due = store.prepareArrays(`select document, due from events_rule where due is not null and due <= ?
      order by due, account, region, bus, name`);
    this.#nextDue = store.prepareArrays('select min(due) from events_rule where due is not null');
    this.#target = store.prepareArrays(`select document from events_target where ${here} and rule = ? and id = ?`);
    this.#putTarget = store.prepare(`insert into events_target values (?, ?, ?, ?, ?, ?, ?)
      on conflict do update set arn = excluded.arn, document = excluded.document`);
    this.#deleteTarget = store.prepare(`delete from events_target where ${here} and rule = ? and id = ?`);
    this.#targets = store.prepareArrays(`select document from events_target where ${here} and rule = ? order by id`);
    this.#byTarget = store.prepareArrays(
      `select distinct rule from events_target where ${here} and arn = ? order by rule`,
    );
  }

  find({ account, region, bus }: BusScope, name: string): Rule | undefined {
    const row = this.#get.get(account, region, bus, name);
    return row === undefined ? undefined : documentOf<Rule>(row);
  }

  /** @param due - when a scheduled rule is due next */
  put(rule: Rule, due: number | undefined): void {
    const { account, region, bus, name } = rule;
    this.#put.run(account, region, bus, name, JSON.stringify(rule), due ?? null);
  }

  delete({ account, region, bus }: BusScope, name: string): void {
    this.#delete.run(account, region, bus, name);
  }

  /** In the order of their names, behind `after`. */
  list({ account, region, bus }: BusScope, after = ''): Rule[] {
    return this.#list.all(account, region, bus, after).map((row) => documentOf<Rule>(row));
  }

  setDue({ account, region, bus, name }: Rule, due: number | undefined): void {
    this.#setDue.run(due ?? null, account, region, bus, name);
  }

  /** Scheduled rules of all accounts that are due, with the instant for which they were. */
  due(now: number): { readonly rule: Rule; readonly due: number }[] {
    return this.#due.all(now).map((row) => ({
      rule: documentOf<Rule>(row),
      due: Number((row as unknown as readonly unknown[])[1]), // prepared to give arrays
    }));
  }

  nextDue(): number | undefined {
    const [due] = this.#nextDue.get() as unknown as readonly [number | null]; // min() has one row
    return due ?? undefined;
  }

  target({ account, region, bus, name }: Rule, id: string): Target | undefined {
    const row = this.#target.get(account, region, bus, name, id);
    return row === undefined ? undefined : documentOf<Target>(row);
  }

  putTarget({ account, region, bus, name }: Rule, target: Target): void {
    const { Id = '', Arn = '' } = target;
    this.#putTarget.run(account, region, bus, name, Id, Arn, JSON.stringify(target));
  }

  deleteTarget({ account, region, bus, name }: Rule, id: string): boolean {
    return this.#deleteTarget.run(account, region, bus, name, id).changes > 0;
  }

  /** The targets of a rule, in the order of their ids. */
  targets({ account, region, bus, name }: Rule): Target[] {
    return this.#targets.all(account, region, bus, name).map((row) => documentOf<Target>(row));
  }

  /** Names of the rules of a bus that have a target, in order. */
  namesByTarget({ account, region, bus }: BusScope, arn: string): string[] {
    return this.#byTarget
      .all(account, region, bus, arn)
      .map((row) => String((row as unknown as readonly unknown[])[0])); // arrays
  }
}

/** The first column: written from a value of that type. */
const documentOf = <Document>(row: unknown): Document => JSON.parse(String((row as readonly unknown[])[0])) as Document;
