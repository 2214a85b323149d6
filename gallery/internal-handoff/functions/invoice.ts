import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE_NAME, variable } from '@skein/lambda/env';
import { dynamoDbStore, idempotent } from '@skein/lambda/idempotency';

/** What is handed over. */
export interface Order {
  readonly id: string;
  readonly customer: string;
  /** At least one. */
  readonly items: readonly { readonly name: string; readonly cents: number }[];
}

const TableName = variable(TABLE_NAME);
const client = new DynamoDBClient({});
const database = DynamoDBDocumentClient.from(client);

/**
 * Makes out the invoice of an order, once. If the function dies after it wrote and before that is known, it writes the same invoice again: its id
 * is the order's.
 *
 * @throws when there is nothing to pay: Lambda tries again, then keeps the order
 */
export const handler = idempotent(
  async ({ id, customer, items }: Order): Promise<void> => {
    if (items.length === 0) throw new RangeError(`order ${id} has nothing in it to make an invoice of`);
    const cents = items.reduce((sum, item) => sum + item.cents, 0);
    await database.send(new PutCommand({ TableName, Item: { id, customer, cents } }));
  },
  { key: 'id', store: dynamoDbStore({ client }) },
);
