import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../../kernel/names.ts';
import type { Store } from '../../../kernel/store.ts';

/** A statement of a resource policy, as AWS writes it. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: '*' | Readonly<Record<string, string>>;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Resource policies: of a function, of its versions and aliases, and of layer versions. */
export class PolicyStore {
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteAll: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists lambda_policy(
      account text, region text, owner text, qualifier text, statements text not null, primary key(account, region, owner, qualifier)) without rowid`);
    this.#find = store.prepare(
      'select statements from lambda_policy where account = ? and region = ? and owner = ? and qualifier = ?',
    );
    this.#put = store.prepare(
      'insert into lambda_policy values (?, ?, ?, ?, ?) on conflict do update set statements = excluded.statements',
    );
    this.#delete = store.prepare(
      'delete from lambda_policy where account = ? and region = ? and owner = ? and qualifier = ?',
    );
    this.#deleteAll = store.prepare('delete from lambda_policy where account = ? and region = ? and owner = ?');
  }

  /** The statements of a policy; none when there is no policy. @param qualifier - empty: the function's own */
  statements({ account, region }: Scope, owner: string, qualifier: string): Statement[] {
    const row = this.#find.get(account, region, owner, qualifier);
    return row === undefined ? [] : (JSON.parse(String(row['statements'])) as Statement[]); // written by put()
  }

  /** Keeps a policy; without statements there is none. */
  put({ account, region }: Scope, owner: string, qualifier: string, statements: readonly Statement[]): void {
    if (statements.length === 0) this.#delete.run(account, region, owner, qualifier);
    else this.#put.run(account, region, owner, qualifier, JSON.stringify(statements));
  }

  deleteAll({ account, region }: Scope, owner: string): void {
    this.#deleteAll.run(account, region, owner);
  }
}
