import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../../kernel/names.ts';
import type { Store } from '../../../kernel/store.ts';
import type { Api } from '../api.ts';
import { apiNotFound } from '../errors.ts';
import { read } from './document.ts';

/** An API and whose it is. */
export interface OwnedApi extends Scope {
  readonly api: Api;
}

/** All SQL about APIs. */
export class ApiStore {
  readonly #get: StatementSync;
  readonly #list: StatementSync;
  readonly #all: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists apigatewayv2_api(
      number integer primary key, id text not null unique, account text not null, region text not null, document text not null)`);
    this.#get = store.prepare('select account, region, document from apigatewayv2_api where id = ?');
    this.#list = store.prepare(
      'select document from apigatewayv2_api where account = ? and region = ? order by number',
    );
    this.#all = store.prepare('select account, region, document from apigatewayv2_api order by number');
    this.#put = store.prepare(`insert into apigatewayv2_api(id, account, region, document) values (?, ?, ?, ?)
      on conflict(id) do update set document = excluded.document`);
    this.#remove = store.prepare('delete from apigatewayv2_api where id = ?');
  }

  /** @throws NotFoundException when the caller has no API of that id in this region */
  get({ account, region }: Scope, id: string): Api {
    const owned = this.find(id);
    if (owned === undefined || owned.account !== account || owned.region !== region) throw apiNotFound(account, id);
    return owned.api;
  }

  find(id: string): OwnedApi | undefined {
    const row = this.#get.get(id);
    return row === undefined ? undefined : ownedApi(row);
  }

  list({ account, region }: Scope): Api[] {
    return this.#list.all(account, region).map(({ document }) => read<Api>(document));
  }

  all(): OwnedApi[] {
    return this.#all.all().map(ownedApi);
  }

  put({ account, region }: Scope, api: Api): void {
    this.#put.run(api.ApiId, account, region, JSON.stringify(api));
  }

  remove(id: string): void {
    this.#remove.run(id);
  }
}

const ownedApi = (row: Record<string, unknown>): OwnedApi => ({
  account: String(row['account']),
  region: String(row['region']),
  api: read<Api>(row['document']),
});
