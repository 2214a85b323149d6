import type * as sdk from '@aws-sdk/client-dynamodb';
import type { AwsErrorLike } from '../../kernel/awsError.ts';
import type { Item } from './attributeValue.ts';

/** The codes of DynamoDB: those of its SDK's exceptions, and two that AWS answers without modelling them. */
export type DynamoDbErrorName =
  | Extract<keyof typeof sdk, `${string}Exception`>
  | 'ValidationException'
  | 'SerializationException';

/**
 * An error that DynamoDB answers with. Its name is the code from which the client makes its exception. The SDK's own exception classes
 * are not used: a failed condition is an ordinary answer here, and they cost several times as much.
 */
export class DynamoDbError extends Error implements AwsErrorLike {
  override readonly name: DynamoDbErrorName;
  readonly $fault = 'client';
  readonly $metadata: { readonly httpStatusCode?: number } = {};

  /** @param members - of the answer, beside code and message: they become members of the error */
  constructor(name: DynamoDbErrorName, message: string, members?: Readonly<Record<string, unknown>>) {
    super(message);
    this.name = name;
    if (members !== undefined) Object.assign(this, members);
  }
}

/** The input does not fit: AWS's text says how. */
export const validationException = (message: string): DynamoDbError =>
  new DynamoDbError('ValidationException', message);

/** The most common beginning of AWS's texts. */
export const invalidParameter = (what: string): DynamoDbError =>
  validationException(`One or more parameter values were invalid: ${what}`);

/** The JSON is not of the operation's shape. */
export const serializationException = (message: string): DynamoDbError =>
  new DynamoDbError('SerializationException', message);

/** What operations on items say of a table that is not there. */
export const resourceNotFound = (): DynamoDbError =>
  new DynamoDbError('ResourceNotFoundException', 'Requested resource not found');

/** What operations on tables say of one that is not there. */
export const tableNotFound = (name: string): DynamoDbError =>
  new DynamoDbError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);

export const tableAlreadyExists = (name: string): DynamoDbError =>
  new DynamoDbError('ResourceInUseException', `Table already exists: ${name}`);

/** @param item - as it stands, if the caller asked for it */
export const conditionalCheckFailed = (item: Item | undefined): DynamoDbError =>
  new DynamoDbError(
    'ConditionalCheckFailedException',
    'The conditional request failed',
    item === undefined ? undefined : { Item: item },
  );

/** Why one of a transaction's items stopped it. */
export interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

export const transactionCanceled = (reasons: readonly CancellationReason[]): DynamoDbError =>
  new DynamoDbError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
    { CancellationReasons: reasons },
  );
