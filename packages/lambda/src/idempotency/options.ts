import type { Key } from './key.ts';
import type { IdempotencyStore } from './store.ts';

/** What is needed of Lambda's context. */
export interface Deadline {
  /** Milliseconds until Lambda ends the invocation. */
  getRemainingTimeInMillis(): number;
}

/** A handler that runs once per key; duplicates get what it returned, as JSON keeps it. */
export type IdempotentHandler<Input, Result, Context extends Deadline = Deadline> = (
  input: Input,
  context: Context,
) => Promise<Result>;

export interface IdempotencyOptions<Input> {
  /** What makes two inputs the same: a field, a path (`detail.id`, `$.items[0].id`), or a function. */
  readonly key: Key<Input>;
  /**
   * Where keys are kept.
   *
   * @default - `dynamoDbStore()`: the table that the variable IDEMPOTENCY_TABLE_NAME names
   */
  readonly store?: IdempotencyStore;
  /**
   * Keys are the same within a scope: handlers with one table do not get into each other's way.
   *
   * @default - the function's name
   */
  readonly scope?: string;
  /** How long a key is remembered, in seconds: longer than its source may deliver it again. @default 86400 */
  readonly expiresAfterSeconds?: number;
  /**
   * What a key stands for, if it must not be used for anything else: its hash is kept with the key and compared.
   *
   * @default - none: inputs with the same key are the same
   * @throws {PayloadMismatchError} from the handler, when it was something else before
   */
  readonly payload?: (input: Input) => unknown;
  /** Whether the result is kept for duplicates. Without it they get `undefined`. @default true */
  readonly keepResult?: boolean;
}
