import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../kernel/names.ts';
import type { Store } from '../../kernel/store.ts';
import { parameterNotFound } from './errors.ts';
import type { Parameter } from './parameter.ts';

/** All SQL of the service. */
export class ParameterStore {
  readonly #find: StatementSync;
  readonly #put: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists ssm_parameter(
      account text, region text, name text, type text not null, value text not null, version integer not null, modified_at integer not null,
      description text, primary key(account, region, name)) without rowid`);
    this.#find =
      store.prepare(`select name, type, value, version, modified_at as modifiedAt, description from ssm_parameter
      where account = ? and region = ? and name = ?`);
    this.#put =
      store.prepare(`insert into ssm_parameter values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do update set type = excluded.type,
      value = excluded.value, version = excluded.version, modified_at = excluded.modified_at, description = excluded.description`);
  }

  find({ account, region }: Scope, name: string): Parameter | undefined {
    return this.#find.get(account, region, name) as Parameter | undefined; // the columns are named after its members
  }

  /** @throws ParameterNotFound */
  get(scope: Scope, name: string): Parameter {
    const parameter = this.find(scope, name);
    if (parameter === undefined) throw parameterNotFound();
    return parameter;
  }

  put({ account, region }: Scope, { name, type, value, version, modifiedAt, description }: Parameter): void {
    this.#put.run(account, region, name, type, value, version, modifiedAt, description ?? null);
  }
}
