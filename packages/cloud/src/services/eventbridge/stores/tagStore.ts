import type { StatementSync } from 'node:sqlite';
import type { Tag } from '@aws-sdk/client-eventbridge';
import type { Store } from '../../../kernel/store.ts';

/** All SQL about tags, by the ARN of what has them. */
export class TagStore {
  readonly #of: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeAll: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists events_tag(
      arn text not null, key text not null, value text not null, primary key(arn, key)) without rowid`);
    this.#of = store.prepareArrays('select key, value from events_tag where arn = ? order by key');
    this.#put = store.prepare(
      'insert into events_tag values (?, ?, ?) on conflict do update set value = excluded.value',
    );
    this.#remove = store.prepare('delete from events_tag where arn = ? and key = ?');
    this.#removeAll = store.prepare('delete from events_tag where arn = ?');
  }

  of(arn: string): Tag[] {
    const rows = this.#of.all(arn) as unknown as readonly (readonly [string, string])[]; // prepared to give arrays
    return rows.map(([Key, Value]) => ({ Key, Value }));
  }

  put(arn: string, tags: readonly Tag[] = []): void {
    for (const { Key = '', Value = '' } of tags) this.#put.run(arn, Key, Value);
  }

  remove(arn: string, keys: readonly string[] = []): void {
    for (const key of keys) this.#remove.run(arn, key);
  }

  removeAll(arn: string): void {
    this.#removeAll.run(arn);
  }
}
