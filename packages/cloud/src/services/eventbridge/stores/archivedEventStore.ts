import type { StatementSync } from 'node:sqlite';
import type { Store } from '../../../kernel/store.ts';

/** An event that an archive keeps. */
export interface ArchivedEvent {
  readonly id: number;
  /** When it was put, ms. */
  readonly at: number;
  readonly text: string;
}

/** All SQL about the events of archives, by the archive's ARN. */
export class ArchivedEventStore {
  readonly #add: StatementSync;
  readonly #between: StatementSync;
  readonly #count: StatementSync;
  readonly #expire: StatementSync;
  readonly #deleteAll: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists events_archived(
        id integer primary key, archive text not null, at integer not null, size integer not null, event text not null);
      create index if not exists events_archived_at on events_archived(archive, at, id)`);
    this.#add = store.prepare('insert into events_archived(archive, at, size, event) values (?, ?, ?, ?)');
    this.#between = store.prepare(`select id, at, event as text from events_archived
      where archive = ? and at >= ? and at < ? and (at, id) > (?, ?) order by at, id limit ?`);
    this.#count = store.prepareArrays('select count(*), coalesce(sum(size), 0) from events_archived where archive = ?');
    this.#expire = store.prepare('delete from events_archived where archive = ? and at < ?');
    this.#deleteAll = store.prepare('delete from events_archived where archive = ?');
  }

  add(archive: string, at: number, text: string): void {
    this.#add.run(archive, at, Buffer.byteLength(text), text);
  }

  /** Events of a time, in order, behind `after`. */
  between(
    archive: string,
    from: number,
    to: number,
    after: Omit<ArchivedEvent, 'text'> | undefined,
    most: number,
  ): ArchivedEvent[] {
    const rows = this.#between.all(archive, from, to, after?.at ?? -1, after?.id ?? 0, most);
    return rows as unknown as ArchivedEvent[]; // the columns of an archived event, by its names
  }

  /** How many events an archive has, and how many bytes they are. */
  count(archive: string): { readonly events: number; readonly bytes: number } {
    const [events, bytes] = this.#count.get(archive) as unknown as readonly [number, number]; // one row of two numbers
    return { events, bytes };
  }

  /** Forgets events that are older than an instant. */
  expire(archive: string, before: number): void {
    this.#expire.run(archive, before);
  }

  deleteAll(archive: string): void {
    this.#deleteAll.run(archive);
  }
}
