import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../kernel/names.ts';
import type { Store } from '../../kernel/store.ts';
import { topicNotFound } from './errors.ts';
import type { Topic } from './topic.ts';

const FIRST_SEQUENCE = 10_000_000_000_000_000_000n;
const DEDUPLICATION_MS = 300_000;

/** What an earlier message with the same deduplication id was answered. */
export interface Earlier {
  readonly messageId: string;
  readonly sequence: string;
}

/** All SQL about topics. */
export class TopicStore {
  readonly #get: StatementSync;
  readonly #insert: StatementSync;
  readonly #attributes: StatementSync;
  readonly #tags: StatementSync;
  readonly #delete: StatementSync;
  readonly #forget: StatementSync;
  readonly #list: StatementSync;
  readonly #removed: StatementSync;
  readonly #next: StatementSync;
  readonly #earlier: StatementSync;
  readonly #remember: StatementSync;
  readonly #expire: StatementSync;

  constructor(store: Store) {
    this.#get = store.prepare('select arn, account, region, attributes, tags, removed from sns_topic where arn = ?');
    this.#insert = store.prepare('insert into sns_topic values (?, ?, ?, ?, ?, 0, 0)');
    this.#attributes = store.prepare('update sns_topic set attributes = ? where arn = ?');
    this.#tags = store.prepare('update sns_topic set tags = ? where arn = ?');
    this.#delete = store.prepare('delete from sns_topic where arn = ?');
    this.#forget = store.prepare('delete from sns_dedup where topic = ?');
    this.#list = store.prepareArrays(
      'select arn from sns_topic where account = ? and region = ? and arn > ? order by arn limit ?',
    );
    this.#removed = store.prepare('update sns_topic set removed = removed + 1 where arn = ?');
    this.#next = store.prepareArrays('update sns_topic set sequence = sequence + 1 where arn = ? returning sequence');
    this.#earlier = store.prepare(
      'select message_id, sequence from sns_dedup where topic = ? and key = ? and expires > ?',
    );
    this.#remember = store.prepare('insert or replace into sns_dedup values (?, ?, ?, ?, ?)');
    this.#expire = store.prepare('delete from sns_dedup where expires <= ?');
  }

  find(arn: string): Topic | undefined {
    const row = this.#get.get(arn);
    if (row === undefined) return undefined;
    return {
      arn,
      account: String(row['account']),
      region: String(row['region']),
      attributes: JSON.parse(String(row['attributes'])) as Record<string, string>, // written from one
      tags: JSON.parse(String(row['tags'])) as Record<string, string>, // written from one
      removed: Number(row['removed']),
    };
  }

  /** @throws NotFound */
  get(arn: string): Topic {
    const topic = this.find(arn);
    if (topic === undefined) throw topicNotFound();
    return topic;
  }

  insert({ arn, account, region, attributes, tags }: Topic): void {
    this.#insert.run(arn, account, region, JSON.stringify(attributes), JSON.stringify(tags));
  }

  setAttributes(arn: string, attributes: Readonly<Record<string, string>>): void {
    this.#attributes.run(JSON.stringify(attributes), arn);
  }

  setTags(arn: string, tags: Readonly<Record<string, string>>): void {
    this.#tags.run(JSON.stringify(tags), arn);
  }

  delete(arn: string): void {
    this.#delete.run(arn);
    this.#forget.run(arn);
  }

  /** ARNs in their order, behind `after`. */
  list({ account, region }: Scope, after: string, most: number): string[] {
    return this.#list.all(account, region, after, most).map((row) => String((row as unknown as string[])[0])); // rows are arrays
  }

  /** Counts a subscription that was removed. */
  countRemoved(arn: string): void {
    this.#removed.run(arn);
  }

  /** The next sequence number of a FIFO topic. */
  nextSequence(arn: string): string {
    const row = this.#next.get(arn) as unknown as [number]; // rows are arrays
    return String(FIRST_SEQUENCE + BigInt(row[0]));
  }

  /** What the last 5 minutes know of a deduplication id. */
  earlier(topic: string, key: string, now: number): Earlier | undefined {
    const row = this.#earlier.get(topic, key, now);
    return row === undefined ? undefined : { messageId: String(row['message_id']), sequence: String(row['sequence']) };
  }

  remember(topic: string, key: string, now: number, { messageId, sequence }: Earlier): void {
    this.#expire.run(now);
    this.#remember.run(topic, key, now + DEDUPLICATION_MS, messageId, sequence);
  }
}
