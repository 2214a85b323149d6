import type { StatementSync } from 'node:sqlite';
import type { Store } from '../../kernel/store.ts';
import { streamNotFound } from './errors.ts';
import type { LogGroup, LogStream } from './logGroup.ts';

/** A row of {@link COLUMNS}. */
type Row = readonly [number, number, string, number, number | null, number | null, number | null, number, number];

const COLUMNS =
  'id, group_id, name, created_at, first_event_at, last_event_at, last_ingested_at, batches, stored_bytes';

/** From where a list of streams goes on: the name, and for the order by time the time, of the last one shown. */
export interface StreamPosition {
  readonly name: string;
  readonly at: number;
}

/** All SQL about log streams. */
export class StreamStore {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeAll: StatementSync;
  readonly #append: StatementSync;
  readonly #shrink: StatementSync;
  readonly #byName: Readonly<Record<'asc' | 'desc', StatementSync>>;
  readonly #byTime: Readonly<Record<'asc' | 'desc', StatementSync>>;

  constructor(store: Store) {
    store.define(`create table if not exists logs_stream(
        id integer primary key autoincrement, group_id integer not null, name text not null, created_at integer not null,
        first_event_at integer, last_event_at integer, last_ingested_at integer, batches integer not null default 0,
        stored_bytes integer not null default 0, unique(group_id, name));
      create index if not exists logs_stream_time on logs_stream(group_id, coalesce(last_event_at, 0), name)`);
    this.#find = store.prepareArrays(`select ${COLUMNS} from logs_stream where group_id = ? and name = ?`);
    this.#insert = store.prepare('insert into logs_stream(group_id, name, created_at) values (?, ?, ?)');
    this.#remove = store.prepare('delete from logs_stream where id = ?');
    this.#removeAll = store.prepare('delete from logs_stream where group_id = ?');
    this.#append =
      store.prepare(`update logs_stream set batches = batches + 1, stored_bytes = stored_bytes + ?, last_ingested_at = ?,
      first_event_at = min(coalesce(first_event_at, ?), ?), last_event_at = max(coalesce(last_event_at, 0), ?) where id = ?`);
    this.#shrink = store.prepare('update logs_stream set stored_bytes = max(0, stored_bytes - ?) where id = ?');
    const byName = (order: 'asc' | 'desc'): StatementSync =>
      store.prepareArrays(`select ${COLUMNS} from logs_stream where group_id = ? and name >= ? and name < ? and name <> ?
        order by name ${order} limit ?`);
    const byTime = (order: 'asc' | 'desc'): StatementSync => {
      const comparison = order === 'asc' ? '>' : '<';
      // The bound on the time alone is what the index begins at.
      return store.prepareArrays(`select ${COLUMNS} from logs_stream where group_id = ? and coalesce(last_event_at, 0) ${comparison}= ?
        and (coalesce(last_event_at, 0), name) ${comparison} (?, ?)
        order by coalesce(last_event_at, 0) ${order}, name ${order} limit ?`);
    };
    this.#byName = { asc: byName('asc'), desc: byName('desc') };
    this.#byTime = { asc: byTime('asc'), desc: byTime('desc') };
  }

  find({ id }: Pick<LogGroup, 'id'>, name: string): LogStream | undefined {
    return streamOf(this.#find.get(id, name));
  }

  /** @throws ResourceNotFoundException */
  get(group: LogGroup, name: string): LogStream {
    const stream = this.find(group, name);
    if (stream === undefined) throw streamNotFound();
    return stream;
  }

  insert({ id }: LogGroup, name: string, createdAt: number): void {
    this.#insert.run(id, name, createdAt);
  }

  remove({ id }: LogStream): void {
    this.#remove.run(id);
  }

  removeAllOf({ id }: LogGroup): void {
    this.#removeAll.run(id);
  }

  /** Notes that events of `bytes` were added: the first and last of them happened at `first` and `last`. */
  append({ id }: LogStream, bytes: number, first: number, last: number, ingestedAt: number): void {
    this.#append.run(bytes, ingestedAt, first, first, last, id);
  }

  /** Counts bytes that expired. */
  shrink(id: number, bytes: number): void {
    this.#shrink.run(bytes, id);
  }

  /** Up to `most` streams by name, behind `after`. */
  byName(
    { id }: LogGroup,
    prefix: string,
    descending: boolean,
    after: StreamPosition | undefined,
    most: number,
  ): LogStream[] {
    const end = `${prefix}\u{10FFFF}`;
    // Whatever was shown begins with the prefix: it is the closer bound, which it is not itself behind.
    const last = after?.name ?? '';
    return descending
      ? streamsOf(this.#byName.desc.all(id, prefix, after?.name ?? end, last, most))
      : streamsOf(this.#byName.asc.all(id, after?.name ?? prefix, end, last, most));
  }

  /** Up to `most` streams by the time of their last event, behind `after`. */
  byTime({ id }: LogGroup, descending: boolean, after: StreamPosition | undefined, most: number): LogStream[] {
    const at = after?.at ?? (descending ? Number.MAX_SAFE_INTEGER : -1);
    const statement = descending ? this.#byTime.desc : this.#byTime.asc;
    return streamsOf(statement.all(id, at, at, after?.name ?? '', most));
  }
}

const streamsOf = (rows: readonly unknown[]): LogStream[] =>
  rows.map(streamOf).filter((stream) => stream !== undefined);

function streamOf(row: unknown): LogStream | undefined {
  if (row === undefined) return undefined;
  const [id, groupId, name, createdAt, firstEventAt, lastEventAt, lastIngestedAt, batches, storedBytes] = row as Row; // prepared to give arrays
  return {
    id,
    groupId,
    name,
    createdAt,
    firstEventAt: firstEventAt ?? undefined,
    lastEventAt: lastEventAt ?? undefined,
    lastIngestedAt: lastIngestedAt ?? undefined,
    batches,
    storedBytes,
  };
}
