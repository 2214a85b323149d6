import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE_NAME, variable } from '@skein/lambda/env';
import type { Order } from '../../functions/invoice.ts';

const TableName = variable(TABLE_NAME);
const database = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** Makes out an invoice without the guard: it looks whether there is one, and then writes. */
export const handler = async ({ id, customer }: Order): Promise<void> => {
  const { Item } = await database.send(new GetCommand({ TableName, Key: { id } }));
  if (Item === undefined) await database.send(new PutCommand({ TableName, Item: { id, customer } }));
};
