import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { batch } from '@skein/lambda/batch';
import { TABLE_NAME, variable } from '@skein/lambda/env';
import type { Upload } from '../../functions/work.ts';

const table = variable(TABLE_NAME);
const database = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** Does a part's work without the guard: it puts an upload down under an id of its own, so that it does not know it again. */
export const handler = batch<Upload>(async ({ body: { file } }) => {
  await database.send(new PutCommand({ TableName: table, Item: { id: randomUUID(), file } }));
});
