import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startCloud } from '@skein/cloud';
import { dynamoDbStore, IDEMPOTENCY_TABLE, type IdempotencyStore, memoryStore } from '../../src/idempotency/index.ts';

/** A store for each test, and what has to be stopped after the last. */
export interface StoreMaker extends AsyncDisposable {
  newStore(): Promise<IdempotencyStore>;
}

/** The stores, by name. One suite holds for them all. */
export const MAKERS: Readonly<Record<string, () => Promise<StoreMaker>>> = {
  memory: async () => ({
    newStore: async () => memoryStore(),
    [Symbol.asyncDispose]: async () => undefined,
  }),
  async DynamoDB() {
    const cloud = await startCloud({ clock: 'virtual' });
    const client = cloud.client(DynamoDBClient);
    let tables = 0;
    return {
      async newStore() {
        const tableName = `keys-${tables++}`;
        await createTable(client, tableName);
        return dynamoDbStore({ tableName, client });
      },
      [Symbol.asyncDispose]: () => cloud.stop(),
    };
  },
};

/** A table as the store wants it. */
export const createTable = (client: DynamoDBClient, TableName: string): Promise<unknown> =>
  client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: IDEMPOTENCY_TABLE.partitionKey, AttributeType: 'S' }],
      KeySchema: [{ AttributeName: IDEMPOTENCY_TABLE.partitionKey, KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
