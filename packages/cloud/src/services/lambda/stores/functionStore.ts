import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../../kernel/names.ts';
import type { Store } from '../../../kernel/store.ts';
import { type Configuration, type FunctionVersion, LATEST } from '../functionVersion.ts';

/** What belongs to a function as a whole, not to one of its versions. */
export interface FunctionRow {
  readonly name: string;
  /** The number of the last published version; 0 before the first. */
  readonly published: number;
  /** Reserved concurrent executions; undefined: it shares the account's. */
  readonly reserved: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

type Row = Record<string, string | number | null>;

/** Functions and their versions. */
export class FunctionStore {
  readonly #find: StatementSync;
  readonly #list: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #reserved: StatementSync;
  readonly #version: StatementSync;
  readonly #versions: StatementSync;
  readonly #allVersions: StatementSync;
  readonly #putVersion: StatementSync;
  readonly #deleteVersion: StatementSync;
  readonly #deleteVersions: StatementSync;
  readonly #folders: StatementSync;
  readonly #latest: StatementSync;
  readonly #count: StatementSync;
  readonly #bytes: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists lambda_function(
        account text, region text, name text, published integer not null, reserved integer, tags text not null,
        primary key(account, region, name)) without rowid;
      create table if not exists lambda_version(
        account text, region text, name text, number integer, configuration text not null, sha256 text not null, size integer not null,
        folder text not null, revision text not null, modified_at integer not null, primary key(account, region, name, number)) without rowid`);
    const columns =
      'account, region, name, number, configuration, sha256, size, folder, revision, modified_at as modifiedAt';
    this.#find = store.prepare(
      'select name, published, reserved, tags from lambda_function where account = ? and region = ? and name = ?',
    );
    this.#list = store.prepare(
      'select name, published, reserved, tags from lambda_function where account = ? and region = ? and name > ? order by name limit ?',
    );
    this.#put = store.prepare(`insert into lambda_function values (?, ?, ?, ?, ?, ?)
      on conflict do update set published = excluded.published, reserved = excluded.reserved, tags = excluded.tags`);
    this.#delete = store.prepare('delete from lambda_function where account = ? and region = ? and name = ?');
    this.#reserved = store.prepare(
      'select sum(reserved) as total from lambda_function where account = ? and region = ?',
    );
    this.#version = store.prepare(
      `select ${columns} from lambda_version where account = ? and region = ? and name = ? and number = ?`,
    );
    this.#versions = store.prepare(
      `select ${columns} from lambda_version where account = ? and region = ? and name = ? and number >= ? order by number limit ?`,
    );
    this.#allVersions = store.prepare(
      `select ${columns} from lambda_version where account = ? and region = ? and (name, number) > (?, ?) order by name, number limit ?`,
    );
    this.#putVersion = store.prepare(`insert into lambda_version values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict do update set configuration = excluded.configuration, sha256 = excluded.sha256, size = excluded.size,
      folder = excluded.folder, revision = excluded.revision, modified_at = excluded.modified_at`);
    this.#deleteVersion = store.prepare(
      'delete from lambda_version where account = ? and region = ? and name = ? and number = ?',
    );
    this.#deleteVersions = store.prepare('delete from lambda_version where account = ? and region = ? and name = ?');
    this.#latest = store.prepare(`select ${columns} from lambda_version where number = 0`);
    this.#folders = store.prepare('select distinct folder from lambda_version');
    this.#count = store.prepare('select count(*) as count from lambda_function where account = ? and region = ?');
    this.#bytes = store.prepare('select sum(size) as bytes from lambda_version where account = ? and region = ?');
  }

  find({ account, region }: Scope, name: string): FunctionRow | undefined {
    const row = this.#find.get(account, region, name);
    return row === undefined ? undefined : readFunction(row as Row); // columns of text and integers
  }

  /** Functions in the order of their names. @param after - the name before the first */
  list({ account, region }: Scope, after: string, limit: number): FunctionRow[] {
    return this.#list.all(account, region, after, limit).map((row) => readFunction(row as Row)); // columns of text and integers
  }

  put({ account, region }: Scope, { name, published, reserved, tags }: FunctionRow): void {
    this.#put.run(account, region, name, published, reserved ?? null, JSON.stringify(tags));
  }

  /** Deletes the function and all of its versions. */
  delete({ account, region }: Scope, name: string): void {
    this.#delete.run(account, region, name);
    this.#deleteVersions.run(account, region, name);
  }

  /** How much of the account's concurrency is reserved. */
  reservedTotal({ account, region }: Scope): number {
    return Number(this.#reserved.get(account, region)?.['total'] ?? 0);
  }

  version({ account, region }: Scope, name: string, version: string): FunctionVersion | undefined {
    const row = this.#version.get(account, region, name, numberOf(version));
    return row === undefined ? undefined : readVersion(row as Row); // columns of text and integers
  }

  /** Versions in order, `$LATEST` first. @param from - the first number; 0 is `$LATEST` */
  versions({ account, region }: Scope, name: string, from = 0, limit = -1): FunctionVersion[] {
    return this.#versions.all(account, region, name, from, limit).map((row) => readVersion(row as Row)); // columns of text and integers
  }

  /** All versions of all functions, by name and number. */
  allVersions(
    { account, region }: Scope,
    after: { readonly name: string; readonly number: number },
    limit: number,
  ): FunctionVersion[] {
    return this.#allVersions
      .all(account, region, after.name, after.number, limit)
      .map((row) => readVersion(row as Row)); // columns of text and integers
  }

  putVersion({ account, region, name, version, configuration, code, revisionId, modifiedAt }: FunctionVersion): void {
    const { sha256, size, folder } = code;
    const text = JSON.stringify(configuration);
    this.#putVersion.run(account, region, name, numberOf(version), text, sha256, size, folder, revisionId, modifiedAt);
  }

  deleteVersion({ account, region }: Scope, name: string, version: string): void {
    this.#deleteVersion.run(account, region, name, numberOf(version));
  }

  /** Folders that code of some version lies in. */
  folders(): string[] {
    return this.#folders.all().map((row) => String(row['folder']));
  }

  /** The `$LATEST` of all functions of all accounts. */
  latest(): FunctionVersion[] {
    return this.#latest.all().map((row) => readVersion(row as Row)); // columns of text and integers
  }

  /** How many functions there are, and the bytes of all their versions. */
  usage({ account, region }: Scope): { readonly functions: number; readonly bytes: number } {
    return {
      functions: Number(this.#count.get(account, region)?.['count'] ?? 0),
      bytes: Number(this.#bytes.get(account, region)?.['bytes'] ?? 0),
    };
  }
}

/** `$LATEST` is kept as 0, before all others. */
export const numberOf = (version: string): number => (version === LATEST ? 0 : Number(version));

const readFunction = (row: Row): FunctionRow => ({
  name: String(row['name']),
  published: Number(row['published']),
  reserved: row['reserved'] === null ? undefined : Number(row['reserved']),
  tags: JSON.parse(String(row['tags'])) as Record<string, string>, // written by put()
});

const readVersion = (row: Row): FunctionVersion => ({
  account: String(row['account']),
  region: String(row['region']),
  name: String(row['name']),
  version: row['number'] === 0 ? LATEST : String(row['number']),
  configuration: JSON.parse(String(row['configuration'])) as Configuration, // written by putVersion()
  code: { sha256: String(row['sha256']), size: Number(row['size']), folder: String(row['folder']) },
  revisionId: String(row['revision']),
  modifiedAt: Number(row['modifiedAt']),
});
