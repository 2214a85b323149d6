import type { StatementSync } from 'node:sqlite';
import type { Store } from '../../kernel/store.ts';
import { EVENT_OVERHEAD, type LogEvent } from './logGroup.ts';

/** A place between events: behind the one that has these two. */
export interface EventPosition {
  readonly at: number;
  readonly sequence: number;
}

/** In the order of time, or against it. */
export type Direction = 'forward' | 'backward';

/** Which events a search looks at: `from <= at <= to`, behind a position as its direction has it. */
export interface EventRange {
  readonly from: number;
  readonly to: number;
  readonly direction: Direction;
  readonly position: EventPosition;
}

/** Before all events, and behind them. */
export const BEGINNING: EventPosition = { at: -1, sequence: 0 };
export const END: EventPosition = { at: Number.MAX_SAFE_INTEGER, sequence: 0 };

/** An event and the stream that it is in. */
export interface StreamEvent extends LogEvent {
  readonly stream: string;
}

/** Of an answer with events. */
export const PAGE_BYTES: number = 1_048_576;

type EventRow = readonly [at: number, sequence: number, ingestedAt: number, message: string];
type StreamEventRow = readonly [...EventRow, stream: string];

/**
 * All SQL about log events. They lie in the order of their group's time; an index gives those of one stream. What a query costs
 * depends on what it reads, not on what is stored.
 */
export class EventStore {
  readonly #insert: StatementSync;
  readonly #forward: StatementSync;
  readonly #backward: StatementSync;
  readonly #scan: Readonly<Record<Direction, StatementSync>>;
  readonly #scanStream: Readonly<Record<Direction, StatementSync>>;
  readonly #oldest: StatementSync;
  readonly #expire: StatementSync;
  readonly #discard: StatementSync;
  readonly #discarded: StatementSync;
  readonly #keep: StatementSync;
  readonly #clearGroup: StatementSync;
  readonly #clearStream: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists logs_event(
        group_id integer not null, at integer not null, sequence integer not null, stream_id integer not null,
        ingested_at integer not null, message text not null, primary key(group_id, at, sequence)) without rowid;
      create index if not exists logs_event_stream on logs_event(stream_id, at, sequence);
      create table if not exists logs_discarded(kind text not null, id integer not null, primary key(kind, id)) without rowid`);
    this.#insert = store.prepare('insert into logs_event values (?, ?, ?, ?, ?, ?)');
    const page = (comparison: '>' | '<', order: 'asc' | 'desc'): StatementSync =>
      store.prepareArrays(`select at, sequence, ingested_at, message from logs_event where stream_id = ? and at >= ? and at < ?
        and (at, sequence) ${comparison} (?, ?) order by at ${order}, sequence ${order} limit ?`);
    this.#forward = page('>', 'asc');
    this.#backward = page('<', 'desc');
    const scan = (wanted: string, direction: Direction): StatementSync => {
      const [comparison, order] = direction === 'forward' ? ['>', 'asc'] : ['<', 'desc'];
      return store.prepareArrays(`select e.at, e.sequence, e.ingested_at, e.message, s.name from logs_event e
        join logs_stream s on s.id = e.stream_id where ${wanted} and e.at >= ? and e.at <= ?
        and (e.at, e.sequence) ${comparison} (?, ?) order by e.at ${order}, e.sequence ${order}`);
    };
    const inGroup = 'e.group_id = ?';
    const inStream = 'e.stream_id = ?';
    this.#scan = { forward: scan(inGroup, 'forward'), backward: scan(inGroup, 'backward') };
    this.#scanStream = { forward: scan(inStream, 'forward'), backward: scan(inStream, 'backward') };
    this.#oldest = store.prepareArrays('select at from logs_event where group_id = ? order by at limit 1');
    this.#expire = store.prepareArrays(`delete from logs_event where group_id = ?1 and (at, sequence) in (
      select at, sequence from logs_event where group_id = ?1 and at < ?2 order by at, sequence limit ?3)
      returning stream_id, length(cast(message as blob))`);
    this.#discard = store.prepare('insert or ignore into logs_discarded values (?, ?)');
    this.#discarded = store.prepareArrays('select kind, id from logs_discarded limit 1');
    this.#keep = store.prepare('delete from logs_discarded where kind = ? and id = ?');
    this.#clearGroup = store.prepare(`delete from logs_event where group_id = ?1 and (at, sequence) in (
      select at, sequence from logs_event where group_id = ?1 limit ?2)`);
    this.#clearStream = store.prepare(`delete from logs_event where (group_id, at, sequence) in (
      select group_id, at, sequence from logs_event where stream_id = ?1 limit ?2)`);
  }

  insert(groupId: number, streamId: number, at: number, sequence: number, ingestedAt: number, message: string): void {
    this.#insert.run(groupId, at, sequence, streamId, ingestedAt, message);
  }

  /** Up to `most` events of a stream with `from <= at < to` behind a position, oldest first; less when they are large. */
  after(streamId: number, from: number, to: number, { at, sequence }: EventPosition, most: number): LogEvent[] {
    return pageOf(this.#forward.iterate(streamId, Math.max(from, at), to, at, sequence, most));
  }

  /** Up to `most` events of a stream with `from <= at < to` before a position: the latest of them, oldest first. */
  before(streamId: number, from: number, to: number, { at, sequence }: EventPosition, most: number): LogEvent[] {
    return pageOf(this.#backward.iterate(streamId, from, Math.min(to, at + 1), at, sequence, most)).reverse();
  }

  /** The events of a group in a range, in the order of their time or against it. */
  *scan(groupId: number, range: EventRange): Generator<StreamEvent> {
    const rows = this.#scan[range.direction].iterate(groupId, ...boundsOf(range));
    for (const row of rows) yield streamEventOf(row);
  }

  /** The events of a stream in a range. */
  *scanStream(streamId: number, range: EventRange): Generator<StreamEvent> {
    const rows = this.#scanStream[range.direction].iterate(streamId, ...boundsOf(range));
    for (const row of rows) yield streamEventOf(row);
  }

  /** When the oldest event of a group happened. */
  oldest(groupId: number): number | undefined {
    const row = this.#oldest.get(groupId) as unknown as readonly [number] | undefined; // prepared to give arrays
    return row?.[0];
  }

  /** Deletes up to `most` events of a group that happened before `expiry`, and answers the bytes that each stream lost. */
  expire(groupId: number, expiry: number, most: number): Map<number, number> {
    const lost = new Map<number, number>();
    const rows = this.#expire.all(groupId, expiry, most) as unknown as readonly (readonly [number, number])[]; // prepared to give arrays
    for (const [stream, bytes] of rows) lost.set(stream, (lost.get(stream) ?? 0) + bytes + EVENT_OVERHEAD);
    return lost;
  }

  /** Marks the events of a deleted group or stream: {@link clear} deletes them bit by bit. */
  discard(kind: 'group' | 'stream', id: number): void {
    this.#discard.run(kind, id);
  }

  /** Deletes up to `most` discarded events, and answers whether any are left. */
  clear(most: number): boolean {
    const row = this.#discarded.get() as unknown as readonly ['group' | 'stream', number] | undefined; // prepared to give arrays
    if (row === undefined) return false;
    const [kind, id] = row;
    const { changes } = (kind === 'group' ? this.#clearGroup : this.#clearStream).run(id, most);
    if (Number(changes) < most) this.#keep.run(kind, id);
    return this.hasDiscarded();
  }

  /** Whether {@link clear} has anything to do. */
  hasDiscarded(): boolean {
    return this.#discarded.get() !== undefined;
  }
}

/** Range and position as a statement takes them: the index begins at the position, not at the beginning of the range. */
function boundsOf({ from, to, direction, position: { at, sequence } }: EventRange): [number, number, number, number] {
  return direction === 'forward' ? [Math.max(from, at), to, at, sequence] : [from, Math.min(to, at), at, sequence];
}

function streamEventOf(row: unknown): StreamEvent {
  const [at, sequence, ingestedAt, message, stream] = row as StreamEventRow; // prepared to give arrays
  return { at, sequence, ingestedAt, message, stream };
}

/** Takes events until a page is full: AWS answers up to 1 MB. */
function pageOf(rows: Iterable<unknown>): LogEvent[] {
  const page: LogEvent[] = [];
  let bytes = 0;
  for (const row of rows) {
    const [at, sequence, ingestedAt, message] = row as EventRow; // prepared to give arrays
    bytes += message.length + EVENT_OVERHEAD;
    if (bytes > PAGE_BYTES && page.length > 0) break;
    page.push({ at, sequence, ingestedAt, message });
  }
  return page;
}
