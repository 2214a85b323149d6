import type { StatementSync } from 'node:sqlite';
import type { Store } from '../../kernel/store.ts';
import type { Entity } from './entity.ts';

type Row = Readonly<Record<string, string | number | null>>;

/** An access key of a user. */
export interface AccessKey {
  readonly id: string;
  readonly userId: string;
  readonly secret: string;
  /** A deleted key is remembered, so that it stands for nobody rather than for the account's owner, as an unknown one does. */
  readonly status: 'Active' | 'Inactive' | 'Deleted';
  /** ms since 1970 */
  readonly createdAt: number;
}

/** All SQL about access keys. */
export class AccessKeyStore {
  readonly #find: StatementSync;
  readonly #of: StatementSync;
  readonly #all: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;

  constructor(store: Store) {
    this.#find = store.prepare('select * from iam_access_key where id = ?');
    this.#of = store.prepare(
      `select * from iam_access_key where user_id = ? and status <> 'Deleted' order by created_at, id`,
    );
    this.#all = store.prepare('select * from iam_access_key');
    this.#insert = store.prepare(
      'insert into iam_access_key(id, user_id, secret, status, created_at) values (?, ?, ?, ?, ?)',
    );
    this.#update = store.prepare('update iam_access_key set status = ? where id = ?');
  }

  find(id: string): AccessKey | undefined {
    return keyOf(this.#find.get(id));
  }

  of({ id }: Pick<Entity, 'id'>): AccessKey[] {
    return keysOf(this.#of.all(id));
  }

  all(): AccessKey[] {
    return keysOf(this.#all.all());
  }

  insert({ id, userId, secret, status, createdAt }: AccessKey): void {
    this.#insert.run(id, userId, secret, status, createdAt);
  }

  update({ id, status }: AccessKey): void {
    this.#update.run(status, id);
  }
}

const keysOf = (rows: readonly unknown[]): AccessKey[] => rows.map(keyOf).filter((key) => key !== undefined);

function keyOf(row: unknown): AccessKey | undefined {
  if (row === undefined) return undefined;
  const columns = row as Row; // the columns are text, integers and null
  return {
    id: String(columns['id']),
    userId: String(columns['user_id']),
    secret: String(columns['secret']),
    status: columns['status'] as AccessKey['status'], // written from a value of that type
    createdAt: Number(columns['created_at']),
  };
}
