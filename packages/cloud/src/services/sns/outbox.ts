import type { StatementSync } from 'node:sqlite';
import type { Store } from '../../kernel/store.ts';
import type { CapturedMessage } from '../../kernel/views.ts';

/** Messages to people, captured: nothing is sent anywhere. */
export class Outbox {
  readonly #insert: StatementSync;
  readonly #list: StatementSync;

  constructor(store: Store) {
    this.#insert = store.prepare(
      'insert into sns_outbox(at, topic, subscription, protocol, endpoint, subject, body) values (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#list = store.prepare('select * from sns_outbox where id > ? order by id limit ?');
  }

  add({ at, topic, subscription, protocol, endpoint, subject, body }: Omit<CapturedMessage, 'id'>): void {
    this.#insert.run(at, topic ?? null, subscription ?? null, protocol, endpoint, subject ?? null, body);
  }

  /** Those with an id above `after`, in their order. @param most - how many at most */
  list(after = 0, most = 1000): CapturedMessage[] {
    return this.#list.all(after, most).map((row) => ({
      id: Number(row['id']),
      at: Number(row['at']),
      topic: textOf(row['topic']),
      subscription: textOf(row['subscription']),
      protocol: row['protocol'] as CapturedMessage['protocol'], // written from one
      endpoint: String(row['endpoint']),
      subject: textOf(row['subject']),
      body: String(row['body']),
    }));
  }
}

const textOf = (value: unknown): string | undefined => (value === null ? undefined : String(value));
