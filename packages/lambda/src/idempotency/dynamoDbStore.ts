import { IDEMPOTENCY_TABLE_NAME, variable } from '../env.ts';
import { ResultError } from './errors.ts';
import type { ClaimAnswer, IdempotencyStore } from './store.ts';

/** What the table of keys must be: a string as its partition key, no sort key, and the attribute that DynamoDB lets items expire by. */
export const IDEMPOTENCY_TABLE: { readonly partitionKey: 'id'; readonly timeToLiveAttribute: 'expiresAt' } = {
  partitionKey: 'id',
  timeToLiveAttribute: 'expiresAt',
};

/** A client of `@aws-sdk/client-dynamodb`. */
export interface SendsCommands {
  send(command: never): Promise<unknown>;
}

export interface DynamoDbStoreOptions {
  /**
   * Name of the table, see {@link IDEMPOTENCY_TABLE}.
   *
   * @default - what the variable IDEMPOTENCY_TABLE_NAME holds
   */
  readonly tableName?: string;
  /**
   * A `DynamoDBClient` that the function has anyway.
   *
   * @default - one of its own, made when it is needed
   */
  readonly client?: SendsCommands;
}

/** An item is 400 KB at most: this leaves room for its key. */
const LONGEST_RESULT_BYTES = 390_000;

/** An item of the table, as far as it is read. */
interface Item {
  readonly token?: { readonly S?: string };
  readonly heldUntil?: { readonly N?: string };
  readonly result?: { readonly S?: string };
  readonly payload?: { readonly S?: string };
}

/**
 * Keeps keys in a DynamoDB table, for all environments of a function: one conditional write to claim a key, one to complete it, none to read.
 * The function needs `dynamodb:PutItem`, `UpdateItem` and `DeleteItem`, and `@aws-sdk/client-dynamodb`, which Lambda has and which is loaded
 * on first use.
 */
export function dynamoDbStore({ tableName, client }: DynamoDbStoreOptions = {}): IdempotencyStore {
  let made = client;
  const table = async () => {
    const sdk = await import('@aws-sdk/client-dynamodb');
    made ??= new sdk.DynamoDBClient({});
    const TableName = tableName ?? variable(IDEMPOTENCY_TABLE_NAME);
    // A client takes the commands of its SDK.
    return { sdk, TableName, send: (command: object) => (made as SendsCommands).send(command as never) };
  };
  return {
    async claim({ id, token, now, heldUntil, expiresAt, payload }) {
      const { sdk, TableName, send } = await table();
      const put = new sdk.PutItemCommand({
        TableName,
        Item: {
          id: { S: id },
          token: { S: token },
          heldUntil: { N: String(heldUntil) },
          // DynamoDB deletes late, and knows seconds: what it has not deleted yet is taken for expired by the condition.
          expiresAt: { N: String(Math.ceil(expiresAt / 1000)) },
          ...(payload === undefined ? {} : { payload: { S: payload } }),
        },
        ConditionExpression: 'attribute_not_exists(#id) OR #expiresAt <= :seconds OR #heldUntil <= :now',
        ExpressionAttributeNames: { '#id': 'id', '#heldUntil': 'heldUntil', '#expiresAt': 'expiresAt' },
        ExpressionAttributeValues: { ':now': { N: String(now) }, ':seconds': { N: String(Math.floor(now / 1000)) } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await send(put);
        return { state: 'claimed' };
      } catch (error) {
        if (!refused(error)) throw error;
        // Of the AWS SDK's own error: the item that stands in the way.
        const item: Item = Object(error).Item ?? {};
        // The SDK has tried again for want of an answer, and met what it had written.
        const own = item.token?.S === token && item.heldUntil?.N === String(heldUntil);
        return own ? { state: 'claimed' } : answerOf(item);
      }
    },
    async complete({ id, token }, result) {
      if (result !== undefined && Buffer.byteLength(result) > LONGEST_RESULT_BYTES) {
        throw new ResultError(
          `the result for '${id}' has ${Buffer.byteLength(result)} bytes, but an item holds ${LONGEST_RESULT_BYTES}: return less, or set keepResult: false`,
        );
      }
      const { sdk, TableName, send } = await table();
      const kept = result !== undefined;
      const update = new sdk.UpdateItemCommand({
        TableName,
        Key: { id: { S: id } },
        UpdateExpression: `${kept ? 'SET #result = :result ' : ''}REMOVE #heldUntil`,
        ConditionExpression: '#token = :token',
        ExpressionAttributeNames: {
          '#token': 'token',
          '#heldUntil': 'heldUntil',
          ...(kept ? { '#result': 'result' } : {}),
        },
        ExpressionAttributeValues: { ':token': { S: token }, ...(kept ? { ':result': { S: result } } : {}) },
      });
      return unlessRefused(send(update));
    },
    async release({ id, token }) {
      const { sdk, TableName, send } = await table();
      const remove = new sdk.DeleteItemCommand({
        TableName,
        Key: { id: { S: id } },
        ConditionExpression: '#token = :token',
        ExpressionAttributeNames: { '#token': 'token' },
        ExpressionAttributeValues: { ':token': { S: token } },
      });
      await unlessRefused(send(remove));
    },
  };
}

const refused = (error: unknown): boolean => Object(error).name === 'ConditionalCheckFailedException';

async function unlessRefused(written: Promise<unknown>): Promise<boolean> {
  try {
    await written;
    return true;
  } catch (error) {
    if (refused(error)) return false;
    throw error;
  }
}

function answerOf({ heldUntil, result, payload }: Item): ClaimAnswer {
  const rest = payload?.S === undefined ? {} : { payload: payload.S };
  if (heldUntil?.N !== undefined) return { state: 'held', heldUntil: Number(heldUntil.N), ...rest };
  return { state: 'done', ...(result?.S === undefined ? {} : { result: result.S }), ...rest };
}
