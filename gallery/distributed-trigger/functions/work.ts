import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { batch } from '@skein/lambda/batch';
import { TABLE_NAME, variable } from '@skein/lambda/env';

/** What the parts of the service are told. */
export interface Upload {
  readonly id: string;
  readonly file: string;
}

const table = variable(TABLE_NAME);
const database = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** Does a part's work for each upload, once: an upload that comes twice is put down again as it was. */
export const handler = batch<Upload>(async ({ body: { id, file } }) => {
  await database.send(new PutCommand({ TableName: table, Item: { id, file } }));
});
