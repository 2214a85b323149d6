import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../kernel/names.ts';
import type { Store } from '../../kernel/store.ts';
import { groupNotFound } from './errors.ts';
import type { LogGroup } from './logGroup.ts';

/** What a new log group begins with. */
export type NewLogGroup = Omit<LogGroup, 'id' | 'storedBytes' | 'retentionDays'>;

/** A row of {@link COLUMNS}. */
type Row = readonly [
  number,
  string,
  string,
  string,
  number,
  number | null,
  LogGroup['logGroupClass'],
  string | null,
  number,
  number,
];

const COLUMNS =
  'id, account, region, name, created_at, retention_days, class, kms_key_id, deletion_protection, stored_bytes';

/** All SQL about log groups and their tags. */
export class GroupStore {
  readonly #find: StatementSync;
  readonly #byId: StatementSync;
  readonly #insert: StatementSync;
  readonly #remove: StatementSync;
  readonly #list: StatementSync;
  readonly #retain: StatementSync;
  readonly #protect: StatementSync;
  readonly #append: StatementSync;
  readonly #shrink: StatementSync;
  readonly #retaining: StatementSync;
  readonly #tags: StatementSync;
  readonly #tag: StatementSync;
  readonly #untag: StatementSync;

  constructor(store: Store) {
    // autoincrement: the id of a deleted group, whose events are still being cleared away, is never used again.
    store.define(`create table if not exists logs_group(
        id integer primary key autoincrement, account text not null, region text not null, name text not null, created_at integer not null,
        retention_days integer, class text not null, kms_key_id text, deletion_protection integer not null,
        stored_bytes integer not null default 0, next_event integer not null default 1, unique(account, region, name));
      create index if not exists logs_group_retaining on logs_group(id) where retention_days is not null;
      create table if not exists logs_tag(
        group_id integer not null references logs_group(id) on delete cascade, key text not null, value text not null,
        primary key(group_id, key)) without rowid`);
    this.#find = store.prepareArrays(`select ${COLUMNS} from logs_group where account = ? and region = ? and name = ?`);
    this.#byId = store.prepareArrays(`select ${COLUMNS} from logs_group where id = ?`);
    this.#insert =
      store.prepare(`insert into logs_group(account, region, name, created_at, class, kms_key_id, deletion_protection)
      values (?, ?, ?, ?, ?, ?, ?)`);
    this.#remove = store.prepare('delete from logs_group where id = ?');
    this.#list = store.prepareArrays(`select ${COLUMNS} from logs_group
      where account = ? and region = ? and name >= ? and name < ? and name <> ? order by name`);
    this.#retain = store.prepare('update logs_group set retention_days = ? where id = ?');
    this.#protect = store.prepare('update logs_group set deletion_protection = ? where id = ?');
    this.#append =
      store.prepareArrays(`update logs_group set next_event = next_event + ?, stored_bytes = stored_bytes + ?
      where id = ? returning next_event`);
    this.#shrink = store.prepare('update logs_group set stored_bytes = max(0, stored_bytes - ?) where id = ?');
    this.#retaining = store.prepareArrays(`select ${COLUMNS} from logs_group where retention_days is not null`);
    this.#tags = store.prepareArrays('select key, value from logs_tag where group_id = ? order by key');
    this.#tag = store.prepare('insert into logs_tag values (?, ?, ?) on conflict do update set value = excluded.value');
    this.#untag = store.prepare('delete from logs_tag where group_id = ? and key = ?');
  }

  find({ account, region }: Scope, name: string): LogGroup | undefined {
    return groupOf(this.#find.get(account, region, name));
  }

  byId(id: number): LogGroup | undefined {
    return groupOf(this.#byId.get(id));
  }

  /** @throws ResourceNotFoundException */
  get(scope: Scope, name: string): LogGroup {
    const group = this.find(scope, name);
    if (group === undefined) throw groupNotFound();
    return group;
  }

  insert({ account, region, name, createdAt, logGroupClass, kmsKeyId, deletionProtection }: NewLogGroup): number {
    const { lastInsertRowid } = this.#insert.run(
      account,
      region,
      name,
      createdAt,
      logGroupClass,
      kmsKeyId ?? null,
      deletionProtection ? 1 : 0,
    );
    return Number(lastInsertRowid);
  }

  remove({ id }: LogGroup): void {
    this.#remove.run(id);
  }

  /** The groups of a scope whose names begin with a prefix, in the order of their names, behind `after`. */
  *list({ account, region }: Scope, after: string, prefix: string): Generator<LogGroup> {
    for (const row of this.#list.iterate(
      account,
      region,
      after === '' ? prefix : after,
      `${prefix}\u{10FFFF}`,
      after,
    )) {
      const group = groupOf(row);
      if (group !== undefined) yield group;
    }
  }

  retain({ id }: LogGroup, days: number | undefined): void {
    this.#retain.run(days ?? null, id);
  }

  protect({ id }: LogGroup, deletionProtection: boolean): void {
    this.#protect.run(deletionProtection ? 1 : 0, id);
  }

  /** Counts events that are added, and answers the sequence number of the first of them. */
  append({ id }: Pick<LogGroup, 'id'>, events: number, bytes: number): number {
    const row = this.#append.get(events, bytes, id) as unknown as readonly [number]; // prepared to give arrays
    return row[0] - events;
  }

  /** Counts bytes that expired or went with their stream. */
  shrink(id: number, bytes: number): void {
    this.#shrink.run(bytes, id);
  }

  /** All groups whose events expire. */
  retaining(): LogGroup[] {
    return this.#retaining
      .all()
      .map(groupOf)
      .filter((group) => group !== undefined);
  }

  tags({ id }: LogGroup): Record<string, string> {
    return Object.fromEntries(this.#tags.all(id) as unknown as [string, string][]); // prepared to give arrays
  }

  tag({ id }: Pick<LogGroup, 'id'>, tags: Readonly<Record<string, string>>): void {
    for (const [key, value] of Object.entries(tags)) this.#tag.run(id, key, value);
  }

  untag({ id }: LogGroup, keys: readonly string[]): void {
    for (const key of keys) this.#untag.run(id, key);
  }
}

function groupOf(row: unknown): LogGroup | undefined {
  if (row === undefined) return undefined;
  const [
    id,
    account,
    region,
    name,
    createdAt,
    retentionDays,
    logGroupClass,
    kmsKeyId,
    deletionProtection,
    storedBytes,
  ] = row as Row; // prepared to give arrays
  return {
    id,
    account,
    region,
    name,
    createdAt,
    retentionDays: retentionDays ?? undefined,
    logGroupClass,
    kmsKeyId: kmsKeyId ?? undefined,
    deletionProtection: deletionProtection === 1,
    storedBytes,
  };
}
