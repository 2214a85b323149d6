import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { ApiError, createApi } from '@skein/lambda/api';
import { TABLE_NAME, variable } from '@skein/lambda/env';

interface Order {
  readonly id: string;
  readonly item: string;
  readonly quantity: number;
  /** Rises with each change: a change names the version that it has seen. */
  readonly version: number;
}

const PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;

const table = variable(TABLE_NAME);
const database = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const api = createApi();

api.post('/orders', async (request, response) => {
  const order: Order = { id: randomUUID(), ...contentOf(request.body), version: 1 };
  await database.send(
    new PutCommand({ TableName: table, Item: order, ConditionExpression: 'attribute_not_exists(id)' }),
  );
  response.status(201).header('Location', `/orders/${order.id}`).json(order);
});

api.get('/orders', async (request) => {
  const { Items = [], LastEvaluatedKey } = await database.send(
    new ScanCommand({
      TableName: table,
      Limit: pageSizeOf(request.query['limit']),
      ExclusiveStartKey: keyOf(request.query['cursor']),
    }),
  );
  return { orders: Items, ...(LastEvaluatedKey === undefined ? {} : { cursor: cursorOf(LastEvaluatedKey) }) };
});

api.get('/orders/:id', async (request) => {
  const { Item } = await database.send(
    new GetCommand({ TableName: table, Key: { id: request.params.id }, ConsistentRead: true }),
  );
  return Item ?? notFound(request.params.id);
});

api.put('/orders/:id', async (request) => {
  const { id } = request.params;
  const version = versionOf(request.body);
  const order: Order = { id, ...contentOf(request.body), version: version + 1 };
  try {
    await database.send(
      new PutCommand({
        TableName: table,
        Item: order,
        ConditionExpression: 'version = :version',
        ExpressionAttributeValues: { ':version': version },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    if (error.Item === undefined) return notFound(id);
    throw new ApiError(`order ${id} was changed since version ${version}: read it again`, 409);
  }
  return order;
});

api.delete('/orders/:id', async (request, response) => {
  await database.send(new DeleteCommand({ TableName: table, Key: { id: request.params.id } }));
  response.sendStatus(204);
});

export const handler = api.handler;

function contentOf(body: unknown): Pick<Order, 'item' | 'quantity'> {
  const { item, quantity } = recordOf(body);
  if (typeof item !== 'string' || item === '') throw new ApiError('item must be a text', 400);
  if (typeof quantity !== 'number' || !Number.isInteger(quantity) || quantity < 1)
    throw new ApiError('quantity must be a whole number of 1 or more', 400);
  return { item, quantity };
}

function versionOf(body: unknown): number {
  const { version } = recordOf(body);
  if (typeof version === 'number') return version;
  throw new ApiError('version must be the number that the order had when it was read', 400);
}

function recordOf(body: unknown): Record<string, unknown> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>; // a parsed JSON object
  throw new ApiError('the body must be a JSON object', 400);
}

function pageSizeOf(limit: string | undefined): number {
  const size = limit === undefined ? PAGE_SIZE : Number(limit);
  if (Number.isInteger(size) && size >= 1 && size <= MAX_PAGE_SIZE) return size;
  throw new ApiError(`limit must be a whole number from 1 to ${MAX_PAGE_SIZE}`, 400);
}

/** A cursor is opaque to the client: what it stands for may change. */
const cursorOf = (key: Record<string, unknown>): string => Buffer.from(JSON.stringify(key)).toString('base64url');

function keyOf(cursor: string | undefined): { id: string } | undefined {
  if (cursor === undefined) return undefined;
  try {
    const { id } = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (typeof id === 'string') return { id };
  } catch {
    // Not one of ours: refused below.
  }
  throw new ApiError('cursor is not one that this API gave', 400);
}

function notFound(id: string): never {
  throw new ApiError(`there is no order ${id}`, 404);
}
