import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../kernel/names.ts';
import type { Store } from '../../kernel/store.ts';

/** A policy that lets services of AWS write into the log groups of an account's region. */
export interface LogsResourcePolicy {
  readonly name: string;
  readonly document: string;
  /** ms since 1970 */
  readonly updatedAt: number;
}

/** All SQL about resource policies. */
export class ResourcePolicyStore {
  readonly #list: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists logs_resource_policy(
      account text not null, region text not null, name text not null, document text not null, updated_at integer not null,
      primary key(account, region, name)) without rowid`);
    this.#list = store.prepare(`select name, document, updated_at as updatedAt from logs_resource_policy
      where account = ? and region = ? order by name`);
    this.#put = store.prepare(`insert into logs_resource_policy values (?, ?, ?, ?, ?)
      on conflict do update set document = excluded.document, updated_at = excluded.updated_at`);
    this.#remove = store.prepare('delete from logs_resource_policy where account = ? and region = ? and name = ?');
  }

  /** All policies of a scope, in the order of their names. AWS allows ten. */
  list({ account, region }: Scope): LogsResourcePolicy[] {
    return this.#list.all(account, region) as unknown as LogsResourcePolicy[]; // the columns are named after its members
  }

  put({ account, region }: Scope, { name, document, updatedAt }: LogsResourcePolicy): void {
    this.#put.run(account, region, name, document, updatedAt);
  }

  /** Answers whether there was one. */
  remove({ account, region }: Scope, name: string): boolean {
    return this.#remove.run(account, region, name).changes > 0;
  }
}
