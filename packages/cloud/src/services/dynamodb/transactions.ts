import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../kernel/names.ts';
import type { Store } from '../../kernel/store.ts';
import { DynamoDbError } from './errors.ts';

/** How long a token makes a transaction happen once only, ms. */
const REMEMBERED = 10 * 60 * 1000;

/** The tokens of transactions that were carried out lately. */
export class Transactions {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #forget: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists dynamodb_transaction(account text, region text, token text, digest text not null, expires integer not null,
      primary key(account, region, token)) without rowid;
      create index if not exists dynamodb_transaction_expires on dynamodb_transaction(expires)`);
    this.#find = store.prepareArrays(
      'select digest from dynamodb_transaction where account = ? and region = ? and token = ?',
    );
    this.#insert = store.prepare('insert into dynamodb_transaction values (?, ?, ?, ?, ?)');
    this.#forget = store.prepare('delete from dynamodb_transaction where expires <= ?');
  }

  /**
   * Whether this transaction was carried out within the last ten minutes. If not, it is remembered, unless the call fails.
   *
   * @throws IdempotentParameterMismatchException when the token was used for another one
   */
  repeats({ account, region }: Scope, token: string, digest: string, now: number): boolean {
    this.#forget.run(now);
    const row = this.#find.get(account, region, token) as unknown as [string] | undefined; // the column selected
    if (row === undefined) {
      this.#insert.run(account, region, token, digest, now + REMEMBERED);
      return false;
    }
    if (row[0] === digest) return true;
    throw new DynamoDbError(
      'IdempotentParameterMismatchException',
      'The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical',
    );
  }
}
