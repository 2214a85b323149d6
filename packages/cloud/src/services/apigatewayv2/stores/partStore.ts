import type { StatementSync } from 'node:sqlite';
import type { Store } from '../../../kernel/store.ts';
import { partNotFound } from '../errors.ts';
import type { Integration } from '../integration.ts';
import type { Route } from '../route.ts';
import type { Deployment, Stage } from '../stage.ts';
import { read } from './document.ts';

/** What an API consists of, by kind. */
export interface Parts {
  readonly Route: Route;
  readonly Integration: Integration;
  readonly Stage: Stage;
  readonly Deployment: Deployment;
}

/** All SQL about one kind of parts of APIs. */
export class PartStore<Kind extends keyof Parts> {
  readonly #kind: Kind;
  readonly #idOf: (part: Parts[Kind]) => string;
  readonly #get: StatementSync;
  readonly #list: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #clear: StatementSync;

  constructor(store: Store, kind: Kind, idOf: (part: Parts[Kind]) => string) {
    this.#kind = kind;
    this.#idOf = idOf;
    store.define(`create table if not exists apigatewayv2_part(
      number integer primary key, api text not null, kind text not null, id text not null, document text not null, unique(api, kind, id))`);
    this.#get = store.prepare('select document from apigatewayv2_part where api = ? and kind = ? and id = ?');
    this.#list = store.prepare('select document from apigatewayv2_part where api = ? and kind = ? order by number');
    this.#put = store.prepare(`insert into apigatewayv2_part(api, kind, id, document) values (?, ?, ?, ?)
      on conflict(api, kind, id) do update set document = excluded.document`);
    this.#remove = store.prepare('delete from apigatewayv2_part where api = ? and kind = ? and id = ?');
    this.#clear = store.prepare('delete from apigatewayv2_part where api = ? and kind = ?');
  }

  find(apiId: string, id: string): Parts[Kind] | undefined {
    const row = this.#get.get(apiId, this.#kind, id);
    return row === undefined ? undefined : read<Parts[Kind]>(row['document']);
  }

  /** @throws NotFoundException */
  get(apiId: string, id: string): Parts[Kind] {
    const part = this.find(apiId, id);
    if (part === undefined) throw partNotFound(this.#kind, id);
    return part;
  }

  list(apiId: string): Parts[Kind][] {
    return this.#list.all(apiId, this.#kind).map(({ document }) => read<Parts[Kind]>(document));
  }

  put(apiId: string, part: Parts[Kind]): void {
    this.#put.run(apiId, this.#kind, this.#idOf(part), JSON.stringify(part));
  }

  remove(apiId: string, id: string): void {
    this.#remove.run(apiId, this.#kind, id);
  }

  clear(apiId: string): void {
    this.#clear.run(apiId, this.#kind);
  }
}
