import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE_NAME, variable } from '@skein/lambda/env';

/** A topic's message, as a function gets it. */
interface TopicEvent {
  readonly Records: readonly [{ readonly Sns: { readonly Message: string } }];
}

const table = variable(TABLE_NAME);
const database = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** Keeps what was heard, without the guard: under an id of its own, so that it does not know it again. */
export const handler = async ({ Records: [{ Sns }] }: TopicEvent): Promise<void> => {
  await database.send(new PutCommand({ TableName: table, Item: { ...JSON.parse(Sns.Message), id: randomUUID() } }));
};
