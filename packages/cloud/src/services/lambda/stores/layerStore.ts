import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../../kernel/names.ts';
import type { Store } from '../../../kernel/store.ts';
import type { Code } from '../functionVersion.ts';

/** A version of a layer. */
export interface LayerVersion {
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly license: string | undefined;
  readonly runtimes: readonly string[];
  readonly architectures: readonly string[];
  readonly code: Code;
  /** ms since 1970 */
  readonly createdAt: number;
}

/** Layers, and the numbers that their versions have used up. */
export class LayerStore {
  readonly #find: StatementSync;
  readonly #versions: StatementSync;
  readonly #names: StatementSync;
  readonly #next: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #folders: StatementSync;
  readonly #bytes: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists lambda_layer(
        account text, region text, name text, published integer not null, primary key(account, region, name)) without rowid;
      create table if not exists lambda_layer_version(
        account text, region text, name text, version integer, details text not null, folder text not null, deleted integer not null,
        primary key(account, region, name, version)) without rowid`);
    this.#find = store.prepare(
      'select details from lambda_layer_version where account = ? and region = ? and name = ? and version = ? and deleted <= ?',
    );
    this.#versions = store.prepare(
      'select details from lambda_layer_version where account = ? and region = ? and name = ? and version < ? and deleted = 0 order by version desc limit ?',
    );
    this.#names = store.prepare(
      'select distinct name from lambda_layer_version where account = ? and region = ? and name > ? and deleted = 0 order by name limit ?',
    );
    this.#next = store.prepare(`insert into lambda_layer values (?, ?, ?, 1)
      on conflict do update set published = published + 1 returning published`);
    this.#put = store.prepare('insert into lambda_layer_version values (?, ?, ?, ?, ?, ?, 0)');
    this.#delete = store.prepare(
      'update lambda_layer_version set deleted = 1 where account = ? and region = ? and name = ? and version = ?',
    );
    this.#bytes = store.prepare(
      "select sum(details ->> '$.code.size') as bytes from lambda_layer_version where account = ? and region = ? and deleted = 0",
    );
    this.#folders = store.prepare('select distinct folder from lambda_layer_version');
  }

  /** @param deleted - whether it may have been deleted: functions that have it keep it */
  find({ account, region }: Scope, name: string, version: number, deleted = false): LayerVersion | undefined {
    const row = this.#find.get(account, region, name, version, deleted ? 1 : 0);
    return row === undefined ? undefined : readLayer(row);
  }

  /** Versions, the newest first. @param before - the number after the first one */
  versions(
    { account, region }: Scope,
    name: string,
    before: number = Number.MAX_SAFE_INTEGER,
    limit = -1,
  ): LayerVersion[] {
    return this.#versions.all(account, region, name, before, limit).map(readLayer);
  }

  /** Names of layers that have a version, in order. */
  names({ account, region }: Scope, after: string, limit: number): string[] {
    return this.#names.all(account, region, after, limit).map((row) => String(row['name']));
  }

  /** Keeps a new version under the next number, which is never used again. */
  publish({ account, region }: Scope, layer: Omit<LayerVersion, 'version'>): LayerVersion {
    const version = Number(this.#next.get(account, region, layer.name)?.['published']);
    const published = { ...layer, version };
    this.#put.run(account, region, layer.name, version, JSON.stringify(published), layer.code.folder);
    return published;
  }

  delete({ account, region }: Scope, name: string, version: number): void {
    this.#delete.run(account, region, name, version);
  }

  /** Bytes of all versions. */
  bytes({ account, region }: Scope): number {
    return Number(this.#bytes.get(account, region)?.['bytes'] ?? 0);
  }

  /** Folders that some layer version lies in. */
  folders(): string[] {
    return this.#folders.all().map((row) => String(row['folder']));
  }
}

const readLayer = (row: Record<string, unknown>): LayerVersion => JSON.parse(String(row['details'])) as LayerVersion; // written by publish()
