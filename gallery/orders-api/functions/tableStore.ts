import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Order } from './order.ts';
import type { Store } from './store.ts';

/** Keeps orders in a DynamoDB table with the key `id`. */
export function tableStore(table: string): Store {
  const database = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return {
    async create(order) {
      await database.send(
        new PutCommand({ TableName: table, Item: order, ConditionExpression: 'attribute_not_exists(id)' }),
      );
    },
    async find(id) {
      const { Item } = await database.send(new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }));
      return Item as Order | undefined; // Only create() and replace() write to the table.
    },
    async replace(order) {
      try {
        await database.send(
          new PutCommand({
            TableName: table,
            Item: order,
            ConditionExpression: 'version = :seen',
            ExpressionAttributeValues: { ':seen': order.version - 1 },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
    async delete(id) {
      await database.send(new DeleteCommand({ TableName: table, Key: { id } }));
    },
    async page(owner, limit, cursor) {
      const orders: Order[] = [];
      let start = cursor === undefined ? undefined : keyOf(cursor);
      // A scan counts what it reads and not what fits: it goes on until the page is full.
      do {
        const { Items = [], LastEvaluatedKey } = await database.send(
          new ScanCommand({
            TableName: table,
            Limit: limit - orders.length,
            ExclusiveStartKey: start,
            FilterExpression: '#owner = :owner',
            ExpressionAttributeNames: { '#owner': 'owner' },
            ExpressionAttributeValues: { ':owner': owner },
          }),
        );
        orders.push(...(Items as Order[])); // See find().
        start = LastEvaluatedKey as { id: string } | undefined; // The key of the table.
      } while (start !== undefined && orders.length < limit);
      return { orders, ...(start !== undefined && { cursor: Buffer.from(start.id).toString('base64url') }) };
    },
  };
}

function keyOf(cursor: string): { id: string } {
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (/^[\w-]{1,64}$/.test(id)) return { id };
  throw new RangeError('cursor is not one that this API gave');
}
