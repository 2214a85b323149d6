import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../kernel/names.ts';
import type { Store } from '../../kernel/store.ts';
import { labelNotFound, parameterNotFound, publicParameter, secretReference, versionNotFound } from './errors.ts';
import type { Parameter, ParameterTier, ParameterType, Reference } from './parameter.ts';

type Row = Readonly<Record<string, string | number | null>>;

const COLUMNS = `name, type, value, version, modified_at as modifiedAt, modified_by as modifiedBy, description,
  allowed_pattern as allowedPattern, tier, key_id as keyId, data_type as dataType`;

const HERE = 'account = ? and region = ?';

/** All SQL about parameters and their versions. */
export class ParameterStore {
  readonly #latest: StatementSync;
  readonly #version: StatementSync;
  readonly #labelled: StatementSync;
  readonly #list: StatementSync;
  readonly #versions: StatementSync;
  readonly #oldest: StatementSync;
  readonly #add: StatementSync;
  readonly #retire: StatementSync;
  readonly #removeVersion: StatementSync;
  readonly #remove: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists ssm_parameter(
        account text not null, region text not null, name text not null, version integer not null, latest integer not null,
        type text not null, value text not null, modified_at integer not null, modified_by text not null, description text,
        allowed_pattern text, tier text not null, key_id text, data_type text not null,
        primary key(account, region, name, version)) without rowid;
      create unique index if not exists ssm_parameter_latest on ssm_parameter(account, region, name) where latest = 1;
      create table if not exists ssm_label(
        account text not null, region text not null, name text not null, label text not null, version integer not null,
        primary key(account, region, name, label)) without rowid`);
    this.#latest = store.prepare(`select ${COLUMNS} from ssm_parameter where ${HERE} and name = ? and latest = 1`);
    this.#version = store.prepare(`select ${COLUMNS} from ssm_parameter where ${HERE} and name = ? and version = ?`);
    this.#labelled = store.prepare(`select ${COLUMNS} from ssm_parameter where ${HERE} and name = ? and version =
      (select version from ssm_label l where l.account = ssm_parameter.account and l.region = ssm_parameter.region
       and l.name = ssm_parameter.name and label = ?)`);
    this.#list =
      store.prepare(`select ${COLUMNS} from ssm_parameter where ${HERE} and name >= ? and name < ? and name <> ?
      and latest = 1 order by name`);
    this.#versions = store.prepare(`select ${COLUMNS} from ssm_parameter where ${HERE} and name = ? and version > ?
      order by version limit ?`);
    this.#oldest = store.prepareArrays(`select min(version), count(*) from ssm_parameter where ${HERE} and name = ?`);
    this.#add =
      store.prepare(`insert into ssm_parameter(account, region, name, version, latest, type, value, modified_at, modified_by,
      description, allowed_pattern, tier, key_id, data_type) values (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#retire = store.prepare(`update ssm_parameter set latest = 0 where ${HERE} and name = ? and latest = 1`);
    this.#removeVersion = store.prepare(`delete from ssm_parameter where ${HERE} and name = ? and version = ?`);
    this.#remove = store.prepare(`delete from ssm_parameter where ${HERE} and name = ?`);
  }

  /** The latest version of a parameter. */
  find({ account, region }: Scope, name: string): Parameter | undefined {
    return parameterOf(this.#latest.get(account, region, name));
  }

  /**
   * The version that a reference selects.
   *
   * @throws ParameterNotFound, ParameterVersionNotFound
   */
  get(scope: Scope, { name, selector }: Reference): Parameter {
    const latest = this.find(scope, name);
    if (latest === undefined) {
      if (/^\/aws\/reference\/secretsmanager\//i.test(name)) throw secretReference(name);
      throw /^\/aws\/service\//i.test(name) ? publicParameter(name) : parameterNotFound();
    }
    if (selector === undefined) return latest;
    const wanted = selector.slice(1);
    const { account, region } = scope;
    const isVersion = /^\d+$/.test(wanted);
    const row = (isVersion ? this.#version : this.#labelled).get(
      account,
      region,
      name,
      isVersion ? Number(wanted) : wanted,
    );
    const found = parameterOf(row);
    if (found !== undefined) return found;
    throw isVersion ? versionNotFound(name, Number(wanted)) : labelNotFound(name, wanted);
  }

  /** The latest versions of all parameters whose names begin with a prefix, in the order of their names, behind `after`. */
  *list({ account, region }: Scope, prefix: string, after: string): Generator<Parameter> {
    for (const row of this.#list.iterate(
      account,
      region,
      after === '' ? prefix : after,
      `${prefix}\u{10FFFF}`,
      after,
    )) {
      const parameter = parameterOf(row);
      if (parameter !== undefined) yield parameter;
    }
  }

  /** Up to `most` versions of a parameter, behind the version `after`. */
  versions({ account, region }: Scope, name: string, after: number, most: number): Parameter[] {
    const rows = this.#versions.all(account, region, name, after, most);
    return rows.map(parameterOf).filter((parameter) => parameter !== undefined);
  }

  /** The number of the oldest version that is kept, and how many are. */
  oldest({ account, region }: Scope, name: string): { version: number; count: number } {
    const row = this.#oldest.get(account, region, name) as unknown as readonly [number, number]; // prepared to give arrays
    return { version: row[0], count: row[1] };
  }

  /** Adds a version, which is the latest from now on. */
  add({ account, region }: Scope, parameter: Parameter): void {
    this.#retire.run(account, region, parameter.name);
    this.#add.run(
      account,
      region,
      parameter.name,
      parameter.version,
      parameter.type,
      parameter.value,
      parameter.modifiedAt,
      parameter.modifiedBy,
      parameter.description ?? null,
      parameter.allowedPattern ?? null,
      parameter.tier,
      parameter.keyId ?? null,
      parameter.dataType,
    );
  }

  removeVersion({ account, region }: Scope, name: string, version: number): void {
    this.#removeVersion.run(account, region, name, version);
  }

  /** Deletes a parameter with all versions, and answers whether there was one. */
  remove({ account, region }: Scope, name: string): boolean {
    return this.#remove.run(account, region, name).changes > 0;
  }
}

function parameterOf(row: unknown): Parameter | undefined {
  if (row === undefined) return undefined;
  const columns = row as Row; // the columns are text, integers and null
  const text = (column: string): string | undefined => {
    const value = columns[column];
    return value === null || value === undefined ? undefined : String(value);
  };
  return {
    name: String(columns['name']),
    type: columns['type'] as ParameterType, // written from a value of that type
    value: String(columns['value']),
    version: Number(columns['version']),
    modifiedAt: Number(columns['modifiedAt']),
    modifiedBy: String(columns['modifiedBy']),
    description: text('description'),
    allowedPattern: text('allowedPattern'),
    tier: columns['tier'] as ParameterTier, // written from a value of that type
    keyId: text('keyId'),
    dataType: String(columns['dataType']),
  };
}
