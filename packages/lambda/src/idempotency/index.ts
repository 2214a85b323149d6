export { IDEMPOTENCY_TABLE_NAME } from '../env.ts';
export type { DynamoDbStoreOptions, SendsCommands } from './dynamoDbStore.ts';
export { dynamoDbStore, IDEMPOTENCY_TABLE } from './dynamoDbStore.ts';
export { ClaimLostError, InProgressError, MissingKeyError, PayloadMismatchError, ResultError } from './errors.ts';
export { idempotent } from './idempotent.ts';
export type { Key, KeyPath } from './key.ts';
export { memoryStore } from './memoryStore.ts';
export type { Deadline, IdempotencyOptions, IdempotentHandler } from './options.ts';
export type { Claim, ClaimAnswer, IdempotencyStore } from './store.ts';
