import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../kernel/names.ts';
import type { Store } from '../../kernel/store.ts';
import { subscriptionNotFound } from './errors.ts';
import type { Subscription, SubscriptionProtocol } from './subscription.ts';

const COLUMNS = `id, arn, topic, owner, region, protocol, endpoint, principal, token, is_confirmed as isConfirmed,
  is_authenticated as isAuthenticated, attributes`;

/** A subscription and its place in the order of all. */
export interface Listed {
  readonly id: number;
  readonly subscription: Subscription;
}

/** All SQL about subscriptions. */
export class SubscriptionStore {
  readonly #get: StatementSync;
  readonly #same: StatementSync;
  readonly #token: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #delete: StatementSync;
  readonly #ofTopic: StatementSync;
  readonly #ofOwner: StatementSync;
  readonly #counts: StatementSync;
  readonly #changed: (topic: string) => void;

  /** @param changed - hears of each topic whose subscriptions are others now */
  constructor(store: Store, changed: (topic: string) => void) {
    this.#changed = changed;
    this.#get = store.prepare(`select ${COLUMNS} from sns_subscription where arn = ?`);
    this.#same = store.prepare(
      `select ${COLUMNS} from sns_subscription where topic = ? and protocol = ? and endpoint = ?`,
    );
    this.#token = store.prepare(`select ${COLUMNS} from sns_subscription where topic = ? and token = ?`);
    this.#insert =
      store.prepare(`insert into sns_subscription(arn, topic, owner, region, protocol, endpoint, principal, token,
      is_confirmed, is_authenticated, attributes) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#update = store.prepare(
      'update sns_subscription set is_confirmed = ?, is_authenticated = ?, attributes = ? where arn = ?',
    );
    this.#delete = store.prepare('delete from sns_subscription where arn = ?');
    this.#ofTopic = store.prepare(
      `select ${COLUMNS} from sns_subscription where topic = ? and id > ? order by id limit ?`,
    );
    this.#ofOwner = store.prepare(
      `select ${COLUMNS} from sns_subscription where owner = ? and region = ? and id > ? order by id limit ?`,
    );
    this.#counts = store.prepareArrays(
      'select count(*), coalesce(sum(is_confirmed), 0) from sns_subscription where topic = ?',
    );
  }

  find(arn: string): Subscription | undefined {
    return subscriptionOf(this.#get.get(arn));
  }

  /** @throws NotFound */
  get(arn: string): Subscription {
    const subscription = this.find(arn);
    if (subscription === undefined) throw subscriptionNotFound();
    return subscription;
  }

  /** The one of an endpoint. */
  same(topic: string, protocol: string, endpoint: string): Subscription | undefined {
    return subscriptionOf(this.#same.get(topic, protocol, endpoint));
  }

  byToken(topic: string, token: string): Subscription | undefined {
    return subscriptionOf(this.#token.get(topic, token));
  }

  insert(subscription: Subscription): void {
    const { arn, topic, owner, region, protocol, endpoint, principal, token, attributes } = subscription;
    const { isConfirmed, isAuthenticated } = subscription;
    const flags = [Number(isConfirmed), Number(isAuthenticated)] as const;
    this.#insert.run(
      arn,
      topic,
      owner,
      region,
      protocol,
      endpoint,
      principal,
      token,
      ...flags,
      JSON.stringify(attributes),
    );
    this.#changed(topic);
  }

  /** Writes what may change of it. */
  update({ arn, topic, isConfirmed, isAuthenticated, attributes }: Subscription): void {
    this.#update.run(Number(isConfirmed), Number(isAuthenticated), JSON.stringify(attributes), arn);
    this.#changed(topic);
  }

  delete({ arn, topic }: Subscription): void {
    this.#delete.run(arn);
    this.#changed(topic);
  }

  ofTopic(topic: string, after = 0, most = -1): Listed[] {
    return listed(this.#ofTopic.all(topic, after, most));
  }

  ofOwner({ account, region }: Scope, after: number, most: number): Listed[] {
    return listed(this.#ofOwner.all(account, region, after, most));
  }

  counts(topic: string): { readonly confirmed: number; readonly pending: number } {
    const [all, confirmed] = this.#counts.get(topic) as unknown as [number, number]; // rows are arrays
    return { confirmed, pending: all - confirmed };
  }
}

function listed(rows: readonly Record<string, unknown>[]): Listed[] {
  return rows.flatMap((row) => {
    const subscription = subscriptionOf(row);
    return subscription === undefined ? [] : [{ id: Number(row['id']), subscription }];
  });
}

function subscriptionOf(row: Record<string, unknown> | undefined): Subscription | undefined {
  if (row === undefined) return undefined;
  return {
    arn: String(row['arn']),
    topic: String(row['topic']),
    owner: String(row['owner']),
    region: String(row['region']),
    protocol: row['protocol'] as SubscriptionProtocol, // written from one
    endpoint: String(row['endpoint']),
    principal: String(row['principal']),
    token: String(row['token']),
    isConfirmed: row['isConfirmed'] === 1,
    isAuthenticated: row['isAuthenticated'] === 1,
    attributes: JSON.parse(String(row['attributes'])) as Record<string, string>, // written from one
  };
}
