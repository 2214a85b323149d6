import type { StatementSync } from 'node:sqlite';
import type { Store } from '../../kernel/store.ts';
import type { Content, Message } from './message.ts';

/** One message on its way to one subscription. */
export interface Delivery {
  readonly id: number;
  readonly subscription: string;
  readonly messageRow: number;
  readonly group: string | undefined;
  /** Attempts that failed. */
  readonly attempts: number;
  readonly message: Message;
}

/** A delivery to be kept. */
export interface NewDelivery {
  /** Its ARN. */
  readonly subscription: string;
  /** ms since 1970. */
  readonly due: number;
}

/** All SQL about messages that are not delivered yet. A message is a row, and each delivery of it another. */
export class DeliveryStore {
  readonly #addMessage: StatementSync;
  readonly #add: StatementSync;
  readonly #hasGroup: StatementSync;
  readonly #due: StatementSync;
  readonly #message: StatementSync;
  readonly #lease: StatementSync;
  readonly #retry: StatementSync;
  readonly #remove: StatementSync;
  readonly #release: StatementSync;
  readonly #removeMessage: StatementSync;
  readonly #next: StatementSync;
  readonly #void: StatementSync;
  readonly #owners: StatementSync;
  readonly #ofSubscription: StatementSync;
  /** Messages that are on their way now: read once, whoever gets them. */
  readonly #messages = new Map<number, Message>();

  constructor(store: Store) {
    this.#addMessage = store.prepare(
      'insert into sns_message(topic, message_id, content, published_at, cause) values (?, ?, ?, ?, ?)',
    );
    this.#add = store.prepare(
      'insert into sns_delivery(subscription, message, message_group, due, attempts, is_running) values (?, ?, ?, ?, 0, 0)',
    );
    this.#hasGroup = store.prepareArrays(
      'select 1 from sns_delivery where subscription = ? and message_group = ? limit 1',
    );
    this.#due = store.prepare(`select id, subscription, message, message_group, attempts from sns_delivery
      where subscription = ? and due <= ? order by due, id limit +?`);
    this.#message = store.prepare('select * from sns_message where id = ?');
    this.#lease = store.prepare('update sns_delivery set due = null, is_running = 1 where id = ?');
    this.#retry = store.prepare('update sns_delivery set due = ?, attempts = ?, is_running = 0 where id = ?');
    this.#remove = store.prepare('delete from sns_delivery where id = ?');
    this.#release = store.prepare(`update sns_delivery set due = ? where id =
      (select min(id) from sns_delivery where subscription = ? and message_group = ?) and due is null and is_running = 0`);
    this.#removeMessage = store.prepare(
      'delete from sns_message where id = ? and not exists (select 1 from sns_delivery where message = ?)',
    );
    this.#next = store.prepareArrays('select min(due) from sns_delivery where subscription = ? and due is not null');
    this.#void = store.prepare('update sns_delivery set due = ?, is_running = 0 where is_running = 1');
    this.#owners = store.prepareArrays('select distinct subscription from sns_delivery where due is not null');
    this.#ofSubscription = store.prepareArrays('select id, message from sns_delivery where subscription = ?');
  }

  /** Keeps a message and its deliveries; in a group one has to wait for what is there, and is due then. */
  add(message: Message, deliveries: readonly NewDelivery[], group: string | undefined): void {
    const { topic, messageId, content, publishedAt, cause } = message;
    const { lastInsertRowid } = this.#addMessage.run(topic, messageId, JSON.stringify(content), publishedAt, cause);
    const row = Number(lastInsertRowid);
    for (const { subscription, due } of deliveries) {
      const isBehind = group !== undefined && this.#hasGroup.get(subscription, group) !== undefined;
      this.#add.run(subscription, row, group ?? null, isBehind ? null : due);
    }
    if (this.#messages.size < MAX_CACHED) this.#messages.set(row, message);
  }

  due(subscription: string, now: number, most: number): Delivery[] {
    return this.#due.all(subscription, now, most).map((row) => ({
      id: Number(row['id']),
      subscription,
      messageRow: Number(row['message']),
      group: row['message_group'] === null ? undefined : String(row['message_group']),
      attempts: Number(row['attempts']),
      message: this.#messageOf(Number(row['message'])),
    }));
  }

  /** It is being tried. */
  lease(id: number): void {
    this.#lease.run(id);
  }

  /** It is to be tried again. */
  retry({ id }: Delivery, due: number, attempts: number): void {
    this.#retry.run(due, attempts, id);
  }

  /** It is at its end: the next of its group has its turn. */
  remove({ id, messageRow, subscription, group }: Delivery, now: number): void {
    this.#remove.run(id);
    this.#dropMessage(messageRow);
    if (group !== undefined) this.#release.run(now, subscription, group);
  }

  /** The subscription is gone. */
  removeAll(subscription: string): void {
    for (const row of this.#ofSubscription.all(subscription)) {
      const [id, message] = row as unknown as [number, number]; // rows are arrays
      this.#remove.run(id);
      this.#dropMessage(message);
    }
  }

  nextDue(subscription: string): number | undefined {
    const row = this.#next.get(subscription) as unknown as readonly [number | null]; // rows are arrays
    return row[0] ?? undefined;
  }

  /** What was being tried when the cloud ended is due now. */
  voidLeases(now: number): void {
    this.#void.run(now);
  }

  /** Subscriptions that something is due for. */
  owners(): string[] {
    return this.#owners.all().map((row) => String((row as unknown as string[])[0])); // rows are arrays
  }

  #dropMessage(row: number): void {
    if (this.#removeMessage.run(row, row).changes > 0) this.#messages.delete(row);
  }

  #messageOf(row: number): Message {
    const known = this.#messages.get(row);
    if (known !== undefined) return known;
    const columns = this.#message.get(row) ?? {};
    const message: Message = {
      topic: String(columns['topic']),
      messageId: String(columns['message_id']),
      content: JSON.parse(String(columns['content'])) as Content, // written from one
      publishedAt: Number(columns['published_at']),
      cause: Number(columns['cause']),
    };
    if (this.#messages.size < MAX_CACHED) this.#messages.set(row, message);
    return message;
  }
}

const MAX_CACHED = 1000;
