import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../../kernel/names.ts';
import type { Store } from '../../../kernel/store.ts';

/** A name for a version, or for two of them with a share of the calls. */
export interface Alias {
  readonly functionName: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Other versions, with the share of calls (0 to 1) that goes to them. */
  readonly weights: Readonly<Record<string, number>>;
  readonly revisionId: string;
}

/** Aliases of functions. */
export class AliasStore {
  readonly #find: StatementSync;
  readonly #list: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteAll: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists lambda_alias(
      account text, region text, function text, name text, version text not null, description text not null, weights text not null,
      revision text not null, primary key(account, region, function, name)) without rowid`);
    const columns = 'function as functionName, name, version, description, weights, revision as revisionId';
    this.#find = store.prepare(
      `select ${columns} from lambda_alias where account = ? and region = ? and function = ? and name = ?`,
    );
    this.#list = store.prepare(
      `select ${columns} from lambda_alias where account = ? and region = ? and function = ? and name > ?
        and (? is null or version = ?) order by name limit ?`,
    );
    this.#put =
      store.prepare(`insert into lambda_alias values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do update set version = excluded.version,
      description = excluded.description, weights = excluded.weights, revision = excluded.revision`);
    this.#delete = store.prepare(
      'delete from lambda_alias where account = ? and region = ? and function = ? and name = ?',
    );
    this.#deleteAll = store.prepare('delete from lambda_alias where account = ? and region = ? and function = ?');
  }

  find({ account, region }: Scope, functionName: string, name: string): Alias | undefined {
    const row = this.#find.get(account, region, functionName, name);
    return row === undefined ? undefined : readAlias(row);
  }

  /** Aliases in the order of their names. @param after - the name before the first @param version - only those of this version */
  list({ account, region }: Scope, functionName: string, after = '', limit = -1, version?: string): Alias[] {
    return this.#list.all(account, region, functionName, after, version ?? null, version ?? null, limit).map(readAlias);
  }

  put({ account, region }: Scope, { functionName, name, version, description, weights, revisionId }: Alias): void {
    this.#put.run(account, region, functionName, name, version, description, JSON.stringify(weights), revisionId);
  }

  delete({ account, region }: Scope, functionName: string, name: string): void {
    this.#delete.run(account, region, functionName, name);
  }

  deleteAll({ account, region }: Scope, functionName: string): void {
    this.#deleteAll.run(account, region, functionName);
  }
}

const readAlias = (row: Record<string, unknown>): Alias =>
  ({ ...row, weights: JSON.parse(String(row['weights'])) }) as unknown as Alias; // the columns are named after its members
