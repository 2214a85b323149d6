import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE_NAME, variable } from '@skein/lambda/env';

/** News of an order, as the shop publishes it. */
export interface News {
  readonly id: string;
  readonly order: { readonly id: string; readonly cents: number };
  /** Who cannot make anything of it. */
  readonly confuses?: string;
}

/** A topic's message, as a function gets it. */
interface TopicEvent {
  readonly Records: readonly [{ readonly Sns: { readonly Message: string } }];
}

const table = variable(TABLE_NAME);
const subscriber = variable('SUBSCRIBER');
const database = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** Keeps what was heard, by its id: news that comes twice is kept once. */
export const handler = async ({ Records: [{ Sns }] }: TopicEvent): Promise<void> => {
  const news = JSON.parse(Sns.Message) as News; // what the shop publishes
  if (news.confuses === subscriber) throw new Error(`${subscriber} cannot make anything of ${news.id}`);
  await database.send(new PutCommand({ TableName: table, Item: { ...news } }));
};
