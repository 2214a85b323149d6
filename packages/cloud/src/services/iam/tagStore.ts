import type { StatementSync } from 'node:sqlite';
import type { Tag } from '@aws-sdk/client-iam';
import type { Store } from '../../kernel/store.ts';

/** All SQL about tags. Their owner is an entity's id or a policy's ARN. */
export class TagStore {
  readonly #of: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeAll: StatementSync;

  constructor(store: Store) {
    this.#of = store.prepareArrays('select key, value from iam_tag where owner = ? order by key');
    this.#put = store.prepare('insert into iam_tag values (?, ?, ?) on conflict do update set value = excluded.value');
    this.#remove = store.prepare('delete from iam_tag where owner = ? and key = ?');
    this.#removeAll = store.prepare('delete from iam_tag where owner = ?');
  }

  of(owner: string): Tag[] {
    const rows = this.#of.all(owner) as unknown as readonly (readonly [string, string])[]; // prepared to give arrays
    return rows.map(([Key, Value]) => ({ Key, Value }));
  }

  put(owner: string, tags: readonly Tag[]): void {
    for (const { Key = '', Value = '' } of tags) this.#put.run(owner, Key, Value);
  }

  remove(owner: string, keys: readonly string[]): void {
    for (const key of keys) this.#remove.run(owner, key);
  }

  removeAll(owner: string): void {
    this.#removeAll.run(owner);
  }
}
