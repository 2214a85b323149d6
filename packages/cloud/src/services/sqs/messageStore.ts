import type { StatementSync } from 'node:sqlite';
import type { Store } from '../../kernel/store.ts';
import { BUCKET_SIZE, type Queue } from './queue.ts';

/** What of a message does not change. */
export interface MessageContent {
  readonly mid: string;
  readonly md5: string;
  readonly body: string;
  /** Message attributes as JSON text (`StoredAttributes`), or null. */
  readonly attributes: string | null;
  /** What else is known of it as JSON text (`SystemData`), or null. */
  readonly system: string | null;
  readonly sender: string;
}

/** What changes of a message: the first columns of its row. */
export type MessageState = readonly [
  id: number,
  group: number | null,
  at: number,
  sent: number,
  receives: number,
  first: number | null,
  ...rest: unknown[],
];

/** A message's row, in the order of its columns. */
export type MessageRow = readonly [
  id: number,
  /** The id of its group, in a FIFO queue. */
  group: number | null,
  /** ms from which it may be received. */
  at: number,
  sent: number,
  receives: number,
  /** When it was first received. */
  first: number | null,
  mid: string,
  md5: string,
  body: string,
  attributes: string | null,
  system: string | null,
  sender: string,
];

const COLUMNS = 'id, grp, at, sent, receives, first, mid, md5, body, attributes, system, sender';

/** All SQL about messages. */
export class MessageStore {
  readonly #insert: StatementSync;
  readonly #get: StatementSync;
  readonly #state: StatementSync;
  readonly #due: StatementSync;
  readonly #ofGroup: StatementSync;
  readonly #headOfGroup: StatementSync;
  readonly #received: StatementSync;
  readonly #move: StatementSync;
  readonly #remove: StatementSync;
  readonly #first: StatementSync;
  readonly #page: StatementSync;
  readonly #states: StatementSync;
  readonly #last: StatementSync;
  readonly #nextDue: StatementSync;
  readonly #passed: StatementSync;
  readonly #passedInGroups: StatementSync;
  readonly #total: StatementSync;
  readonly #clear: StatementSync;

  constructor(store: Store) {
    // A bucket's messages are one range of ids, in the order in which they came. What waits is found by its time: in a FIFO queue by its
    // group's, so that there only those need an entry that were received or are delayed, and they only to be counted.
    store.define(`create table if not exists sqs_message(id integer primary key, bucket integer not null, grp integer, at integer not null,
        sent integer not null, receives integer not null, first integer, mid text not null, md5 text not null, body text not null,
        attributes text, system text, sender text not null);
      create index if not exists sqs_message_due on sqs_message(bucket, at) where grp is null;
      create index if not exists sqs_message_group on sqs_message(grp) where grp is not null;
      create index if not exists sqs_message_held on sqs_message(bucket, at) where grp is not null and at > sent`);
    this.#insert = store.prepare('insert into sqs_message values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#get = store.prepareArrays(`select ${COLUMNS} from sqs_message where id = ?`);
    this.#state = store.prepareArrays('select id, grp, at, sent, receives, first from sqs_message where id = ?');
    this.#due = store.prepareArrays(
      `select ${COLUMNS} from sqs_message where bucket = ? and grp is null and at <= ? order by at, id limit +?`,
    );
    this.#ofGroup = store.prepareArrays(`select ${COLUMNS} from sqs_message where grp = ? order by id limit +?`);
    this.#headOfGroup = store.prepareArrays('select at from sqs_message where grp = ? order by id limit 1');
    this.#received = store.prepare('update sqs_message set at = ?, receives = ?, first = ? where id = ?');
    this.#move = store.prepare('update sqs_message set at = ? where id = ?');
    this.#remove = store.prepare('delete from sqs_message where id = ?');
    this.#first = store.prepareArrays('select sent from sqs_message where id >= ? and id < ? order by id limit 1');
    this.#last = store.prepareArrays('select id from sqs_message where id >= ? and id < ? order by id desc limit 1');
    this.#page = store.prepareArrays(
      `select ${COLUMNS} from sqs_message where id >= ? and id < ? order by id limit +?`,
    );
    this.#states = store.prepareArrays(
      'select id, grp, at, sent, receives, first from sqs_message where id >= ? and id < ? order by id limit +?',
    );
    this.#nextDue = store.prepareArrays(
      'select at from sqs_message where bucket = ? and grp is null and at > ? order by at limit 1',
    );
    const passed =
      'select sum(receives > 0), sum(receives = 0) from sqs_message where bucket = ? and at > ? and at <= ?';
    this.#passed = store.prepareArrays(`${passed} and grp is null and at > sent`);
    this.#passedInGroups = store.prepareArrays(`${passed} and grp is not null and at > sent`);
    this.#total = store.prepareArrays('select count(*) from sqs_message where id >= ? and id < ?');
    this.#clear = store.prepare(
      'delete from sqs_message where id in (select id from sqs_message where id >= ? and id < ? order by id limit +?)',
    );
  }

  insert(
    id: number,
    group: number | null,
    at: number,
    sent: number,
    receives: number,
    first: number | null,
    { mid, md5, body, attributes, system, sender }: MessageContent,
  ): void {
    const bucket = Math.floor(id / BUCKET_SIZE);
    this.#insert.run(id, bucket, group, at, sent, receives, first, mid, md5, body, attributes, system, sender);
  }

  get(id: number): MessageRow | undefined {
    return this.#get.get(id) as unknown as MessageRow | undefined; // the columns selected
  }

  /** A message without its content, which costs less. */
  state(id: number): MessageState | undefined {
    return this.#state.get(id) as unknown as MessageState | undefined; // the columns selected
  }

  /** Messages of a standard queue that may be received, the longest due first. */
  due(bucket: number, now: number, limit: number): MessageRow[] {
    return this.#due.all(bucket, now, limit) as unknown as MessageRow[]; // the columns selected
  }

  /** The first messages of a group, whether they may be received or not. */
  ofGroup(group: number, limit: number): MessageRow[] {
    return this.#ofGroup.all(group, limit) as unknown as MessageRow[]; // the columns selected
  }

  /** From when a group's first message may be received; undefined when the group is empty. */
  headOfGroup(group: number): number | undefined {
    return numberOf(this.#headOfGroup.get(group));
  }

  received(id: number, at: number, receives: number, first: number): void {
    this.#received.run(at, receives, first, id);
  }

  /** Changes from when a message may be received. */
  move(id: number, at: number): void {
    this.#move.run(at, id);
  }

  remove(id: number): void {
    this.#remove.run(id);
  }

  /** When the oldest message was sent. */
  oldest(bucket: number): number | undefined {
    return numberOf(this.#first.get(bucket * BUCKET_SIZE, (bucket + 1) * BUCKET_SIZE));
  }

  lastId(bucket: number): number | undefined {
    return numberOf(this.#last.get(bucket * BUCKET_SIZE, (bucket + 1) * BUCKET_SIZE));
  }

  /** Messages in the order in which they came, from an id on. */
  page(bucket: number, from: number, limit: number): MessageRow[] {
    const rows = this.#page.all(Math.max(from, bucket * BUCKET_SIZE), (bucket + 1) * BUCKET_SIZE, limit);
    return rows as unknown as MessageRow[]; // the columns selected
  }

  /** Messages in the order in which they came, from the first on, without their content. */
  states(bucket: number, limit: number): MessageState[] {
    const rows = this.#states.all(bucket * BUCKET_SIZE, (bucket + 1) * BUCKET_SIZE, limit);
    return rows as unknown as MessageState[]; // the columns selected
  }

  /** When the next message of a standard queue becomes visible, after `now`. */
  nextDue(bucket: number, now: number): number | undefined {
    return numberOf(this.#nextDue.get(bucket, now));
  }

  /** How many messages that were received, and others, have their time in (from, to]. */
  passed({ bucket, isFifo }: Pick<Queue, 'bucket' | 'isFifo'>, from: number, to: number): readonly [number, number] {
    const row = (isFifo ? this.#passedInGroups : this.#passed).get(bucket, from, to) as unknown as [
      number | null,
      number | null,
    ]; // the columns selected
    return [row[0] ?? 0, row[1] ?? 0];
  }

  total(bucket: number): number {
    return numberOf(this.#total.get(bucket * BUCKET_SIZE, (bucket + 1) * BUCKET_SIZE)) ?? 0;
  }

  /** Removes up to `limit` messages of a bucket. @returns how many were removed */
  clear(bucket: number, limit: number): number {
    return Number(this.#clear.run(bucket * BUCKET_SIZE, (bucket + 1) * BUCKET_SIZE, limit).changes);
  }
}

const numberOf = (row: unknown): number | undefined => (row as readonly [number] | undefined)?.[0]; // one column is selected
