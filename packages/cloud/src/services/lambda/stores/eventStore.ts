import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../../kernel/names.ts';
import type { Store } from '../../../kernel/store.ts';

/** An asynchronous invocation that was accepted. */
export interface QueuedEvent extends Scope {
  readonly id: number;
  /** The function's own ARN. */
  readonly functionArn: string;
  readonly name: string;
  readonly qualifier: string | undefined;
  readonly requestId: string;
  readonly payload: Buffer;
  readonly clientContext: string | undefined;
  readonly traceHeader: string;
  /** The id of the hop that asked for it; 0 when that was before a restart. */
  readonly cause: number;
  /** ms since 1970 */
  readonly acceptedAt: number;
  /** How often it was run. */
  readonly attempts: number;
  /** How often it could not be run for want of concurrency, since it last ran. */
  readonly throttles: number;
}

/** An event to be queued. */
export interface NewEvent extends Omit<QueuedEvent, 'id' | 'attempts' | 'throttles'> {
  /** When it may run first, ms since 1970. */
  readonly due: number;
}

type Row = Record<string, string | number | null | Uint8Array>;

/**
 * Events of asynchronous invocations. `due` says when one may run (null: it is running, or it was given up and could not be delivered to where
 * such events go); `lease` marks those that run, and means nothing after a restart.
 */
export class EventStore {
  readonly #add: StatementSync;
  readonly #due: StatementSync;
  readonly #nextDue: StatementSync;
  readonly #lease: StatementSync;
  readonly #release: StatementSync;
  readonly #bury: StatementSync;
  readonly #forget: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteAll: StatementSync;
  readonly #owners: StatementSync;
  readonly #void: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists lambda_event(
        id integer primary key, owner text not null, account text not null, region text not null, name text not null, qualifier text,
        request_id text not null, payload blob not null, client_context text, trace_header text not null, cause integer not null,
        accepted_at integer not null, attempts integer not null, throttles integer not null, due integer, lease integer not null, fate text);
      create index if not exists lambda_event_due on lambda_event(owner, due, id) where due is not null;
      create index if not exists lambda_event_buried on lambda_event(owner, id) where fate is not null`);
    this.#add =
      store.prepare(`insert into lambda_event(owner, account, region, name, qualifier, request_id, payload, client_context,
      trace_header, cause, accepted_at, attempts, throttles, due, lease) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, 0)`);
    this.#due =
      store.prepare(`select id, owner as functionArn, account, region, name, qualifier, request_id as requestId, payload,
      client_context as clientContext, trace_header as traceHeader, cause, accepted_at as acceptedAt, attempts, throttles
      from lambda_event where owner = ? and due is not null and due <= ? order by due, id limit +?`);
    this.#nextDue = store.prepare('select min(due) as due from lambda_event where owner = ? and due is not null');
    this.#lease = store.prepare('update lambda_event set due = null, lease = 1 where id = ?');
    this.#release = store.prepare(
      'update lambda_event set due = ?, lease = 0, attempts = ?, throttles = ? where id = ?',
    );
    this.#bury = store.prepare('update lambda_event set due = null, lease = 0, fate = ? where id = ?');
    this.#forget = store.prepare(`delete from lambda_event where fate is not null and owner = ? and id <=
      (select id from lambda_event where fate is not null and owner = ? order by id desc limit 1 offset ?)`);
    this.#delete = store.prepare('delete from lambda_event where id = ?');
    this.#deleteAll = store.prepare('delete from lambda_event where owner = ?');
    this.#owners = store.prepare('select distinct owner from lambda_event where due is not null');
    this.#void = store.prepare(
      'update lambda_event set lease = 0, cause = 0, due = coalesce(due, ?) where fate is null',
    );
  }

  add(event: NewEvent): void {
    const {
      functionArn,
      account,
      region,
      name,
      qualifier,
      requestId,
      payload,
      clientContext,
      traceHeader,
      cause,
      acceptedAt,
      due,
    } = event;
    this.#add.run(
      functionArn,
      account,
      region,
      name,
      qualifier ?? null,
      requestId,
      payload,
      clientContext ?? null,
      traceHeader,
      cause,
      acceptedAt,
      due,
    );
  }

  /** Events of a function that may run now, the longest due first. */
  due(functionArn: string, now: number, limit: number): QueuedEvent[] {
    return this.#due.all(functionArn, now, limit).map((row) => readEvent(row as Row)); // columns of text, integers and a blob
  }

  /** When the next event of a function may run. */
  nextDue(functionArn: string): number | undefined {
    const due = this.#nextDue.get(functionArn)?.['due'];
    return due === null || due === undefined ? undefined : Number(due);
  }

  /** Says that it runs. */
  lease(id: number): void {
    this.#lease.run(id);
  }

  /** Says that it does not run, and when it may again. */
  release(id: number, due: number, attempts: number, throttles: number): void {
    this.#release.run(due, attempts, throttles, id);
  }

  /** Keeps an event that was given up and had nowhere to go: the last thousand of a function. */
  bury({ id, functionArn }: QueuedEvent, fate: string): void {
    this.#bury.run(fate, id);
    this.#forget.run(functionArn, functionArn, MAX_BURIED);
  }

  delete(id: number): void {
    this.#delete.run(id);
  }

  deleteAll(functionArn: string): void {
    this.#deleteAll.run(functionArn);
  }

  /** After a restart: what ran runs no more, and is due again. */
  voidLeases(now: number): void {
    this.#void.run(now);
  }

  /** ARNs of functions that have events waiting. */
  owners(): string[] {
    return this.#owners.all().map((row) => String(row['owner']));
  }
}

const MAX_BURIED = 1000;

const readEvent = (row: Row): QueuedEvent => ({
  id: Number(row['id']),
  functionArn: String(row['functionArn']),
  account: String(row['account']),
  region: String(row['region']),
  name: String(row['name']),
  qualifier: row['qualifier'] === null ? undefined : String(row['qualifier']),
  requestId: String(row['requestId']),
  payload: bufferOf(row['payload'] as Uint8Array), // a blob
  clientContext: row['clientContext'] === null ? undefined : String(row['clientContext']),
  traceHeader: String(row['traceHeader']),
  cause: Number(row['cause']),
  acceptedAt: Number(row['acceptedAt']),
  attempts: Number(row['attempts']),
  throttles: Number(row['throttles']),
});

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
