import type { StatementSync } from 'node:sqlite';
import type { Cors, FunctionUrlAuthType, InvokeMode } from '@aws-sdk/client-lambda';
import type { Scope } from '../../../kernel/names.ts';
import type { Store } from '../../../kernel/store.ts';

/** The URL of a function, or of an alias of it. */
export interface FunctionUrl extends Scope {
  readonly name: string;
  /** An alias; empty: the function itself. */
  readonly qualifier: string;
  /** What its host name on AWS begins with. */
  readonly urlId: string;
  readonly authType: FunctionUrlAuthType;
  readonly cors: Cors | undefined;
  readonly invokeMode: InvokeMode | undefined;
  /** ms since 1970 */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** URLs of functions. */
export class UrlStore {
  readonly #find: StatementSync;
  readonly #list: StatementSync;
  readonly #all: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists lambda_url(
      account text, region text, name text, qualifier text, details text not null, primary key(account, region, name, qualifier)) without rowid`);
    this.#find = store.prepare(
      'select details from lambda_url where account = ? and region = ? and name = ? and qualifier = ?',
    );
    this.#list = store.prepare(
      'select details from lambda_url where account = ? and region = ? and name = ? and qualifier > ? order by qualifier limit ?',
    );
    this.#all = store.prepare('select details from lambda_url');
    this.#put = store.prepare(
      'insert into lambda_url values (?, ?, ?, ?, ?) on conflict do update set details = excluded.details',
    );
    this.#delete = store.prepare(
      'delete from lambda_url where account = ? and region = ? and name = ? and qualifier = ?',
    );
  }

  find({ account, region }: Scope, name: string, qualifier: string): FunctionUrl | undefined {
    const row = this.#find.get(account, region, name, qualifier);
    return row === undefined ? undefined : readUrl(row);
  }

  /** URLs of a function and its aliases. @param after - the qualifier before the first; undefined: from the start */
  list({ account, region }: Scope, name: string, after?: string, limit = -1): FunctionUrl[] {
    const own = after === undefined ? this.find({ account, region }, name, '') : undefined;
    const others = this.#list
      .all(account, region, name, after ?? '', own === undefined ? limit : limit - 1)
      .map(readUrl);
    return own === undefined ? others : [own, ...others];
  }

  /** All URLs of all accounts. */
  all(): FunctionUrl[] {
    return this.#all.all().map(readUrl);
  }

  put(url: FunctionUrl): void {
    this.#put.run(url.account, url.region, url.name, url.qualifier, JSON.stringify(url));
  }

  delete({ account, region }: Scope, name: string, qualifier: string): void {
    this.#delete.run(account, region, name, qualifier);
  }
}

const readUrl = (row: Record<string, unknown>): FunctionUrl => JSON.parse(String(row['details'])) as FunctionUrl; // written by put()
