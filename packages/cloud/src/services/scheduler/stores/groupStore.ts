import type { StatementSync } from 'node:sqlite';
import type { Tag } from '@aws-sdk/client-scheduler';
import type { Scope } from '../../../kernel/names.ts';
import type { Store } from '../../../kernel/store.ts';

/** A group of schedules. Times are ms. */
export interface Group {
  readonly name: string;
  readonly createdAt: number;
  readonly tags: readonly Tag[];
}

/** All SQL about schedule groups. The one named `default` is always there, and a row from when it is first changed. */
export class GroupStore {
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #list: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists scheduler_group(
      account text not null, region text not null, name text not null, document text not null,
      primary key(account, region, name)) without rowid`);
    this.#get = store.prepareArrays(
      'select document from scheduler_group where account = ? and region = ? and name = ?',
    );
    this.#put = store.prepare(
      'insert into scheduler_group values (?, ?, ?, ?) on conflict do update set document = excluded.document',
    );
    this.#delete = store.prepare('delete from scheduler_group where account = ? and region = ? and name = ?');
    this.#list = store.prepareArrays(
      'select document from scheduler_group where account = ? and region = ? order by name',
    );
  }

  find({ account, region }: Scope, name: string): Group | undefined {
    const row = this.#get.get(account, region, name);
    if (row !== undefined) return documentOf(row);
    return name === 'default' ? { name, createdAt: 0, tags: [] } : undefined;
  }

  put({ account, region }: Scope, group: Group): void {
    this.#put.run(account, region, group.name, JSON.stringify(group));
  }

  delete({ account, region }: Scope, name: string): void {
    this.#delete.run(account, region, name);
  }

  list({ account, region }: Scope): Group[] {
    const kept = this.#list.all(account, region).map(documentOf);
    if (kept.some(({ name }) => name === 'default')) return kept;
    const standard: Group = { name: 'default', createdAt: 0, tags: [] };
    return [...kept, standard].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** The first column: written from a group by `put`. */
const documentOf = (row: unknown): Group => JSON.parse(String((row as readonly unknown[])[0])) as Group;
