import type { StatementSync } from 'node:sqlite';
import type { Store } from '../../kernel/store.ts';
import type { Session } from './session.ts';

/** All SQL about sessions. Most of one is only ever read as a whole, and stored so. */
export class SessionStore {
  readonly #find: StatementSync;
  readonly #latest: StatementSync;
  readonly #insert: StatementSync;
  readonly #purge: StatementSync;
  readonly #oldest: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists sts_session(
        access_key_id text primary key, arn text not null, expires integer not null, session text not null) without rowid;
      create index if not exists sts_session_arn on sts_session(arn, expires);
      create index if not exists sts_session_expires on sts_session(expires)`);
    this.#find = store.prepareArrays('select session from sts_session where access_key_id = ?');
    this.#latest = store.prepareArrays('select session from sts_session where arn = ? order by expires desc limit 1');
    this.#insert = store.prepare('insert into sts_session values (?, ?, ?, ?)');
    this.#purge = store.prepareArrays('delete from sts_session where expires <= ? returning access_key_id');
    this.#oldest = store.prepareArrays('select min(expires) from sts_session');
  }

  find(accessKeyId: string): Session | undefined {
    return sessionOf(this.#find.get(accessKeyId));
  }

  /** The session of a principal that ends last. */
  latestOf(arn: string): Session | undefined {
    return sessionOf(this.#latest.get(arn));
  }

  insert(session: Session): void {
    this.#insert.run(session.accessKeyId, session.principal.arn, session.expires, JSON.stringify(session));
  }

  /** Deletes the sessions that ended by an instant, and answers their access keys. */
  purge(endedBy: number): string[] {
    return (this.#purge.all(endedBy) as unknown as readonly (readonly [string])[]).map(([key]) => key); // prepared to give arrays
  }

  /** When the first of the sessions that are kept ends. */
  firstEnd(): number | undefined {
    return (this.#oldest.get() as unknown as readonly [number | null])[0] ?? undefined; // prepared to give arrays
  }
}

function sessionOf(row: unknown): Session | undefined {
  const columns = row as readonly [string] | undefined; // prepared to give arrays
  return columns === undefined ? undefined : (JSON.parse(columns[0]) as Session); // written by insert()
}
