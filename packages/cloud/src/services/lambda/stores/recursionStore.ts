import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../../kernel/names.ts';
import type { Store } from '../../../kernel/store.ts';

/** Functions that may run in loops: those that are not here are stopped. */
export class RecursionStore {
  readonly #find: StatementSync;
  readonly #allow: StatementSync;
  readonly #delete: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists lambda_recursion_allowed(
      account text not null, region text not null, name text not null, primary key(account, region, name)) without rowid`);
    const one = 'account = ? and region = ? and name = ?';
    this.#find = store.prepareArrays(`select 1 from lambda_recursion_allowed where ${one}`);
    this.#allow = store.prepare('insert or ignore into lambda_recursion_allowed values (?, ?, ?)');
    this.#delete = store.prepare(`delete from lambda_recursion_allowed where ${one}`);
  }

  isAllowed({ account, region }: Scope, name: string): boolean {
    return this.#find.get(account, region, name) !== undefined;
  }

  allow({ account, region }: Scope, name: string): void {
    this.#allow.run(account, region, name);
  }

  /** The function is stopped again when it runs in a loop, or is gone. */
  forget({ account, region }: Scope, name: string): void {
    this.#delete.run(account, region, name);
  }
}
