import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../kernel/names.ts';
import type { Store } from '../../kernel/store.ts';

/** All SQL about the tags of parameters. */
export class TagStore {
  readonly #of: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeAll: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists ssm_tag(
      account text not null, region text not null, name text not null, key text not null, value text not null,
      primary key(account, region, name, key)) without rowid`);
    const here = 'account = ? and region = ? and name = ?';
    this.#of = store.prepareArrays(`select key, value from ssm_tag where ${here} order by key`);
    this.#put = store.prepare(
      'insert into ssm_tag values (?, ?, ?, ?, ?) on conflict do update set value = excluded.value',
    );
    this.#remove = store.prepare(`delete from ssm_tag where ${here} and key = ?`);
    this.#removeAll = store.prepare(`delete from ssm_tag where ${here}`);
  }

  of({ account, region }: Scope, name: string): Map<string, string> {
    return new Map(this.#of.all(account, region, name) as unknown as [string, string][]); // prepared to give arrays
  }

  put({ account, region }: Scope, name: string, key: string, value: string): void {
    this.#put.run(account, region, name, key, value);
  }

  remove({ account, region }: Scope, name: string, key: string): void {
    this.#remove.run(account, region, name, key);
  }

  removeAll({ account, region }: Scope, name: string): void {
    this.#removeAll.run(account, region, name);
  }
}
