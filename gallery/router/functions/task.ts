import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE_NAME, variable } from '@skein/lambda/env';
import type { OrderEvent } from './orderEvent.ts';

/** An event as the router hands it over, or as the topic does. */
type TaskInput = OrderEvent | { readonly Records: readonly [{ readonly Sns: { readonly Message: string } }] };

const table = variable(TABLE_NAME);
const database = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** The handler of a function that does one thing for an order. It may throw: Lambda tries again, then keeps the event. */
export const task =
  (work: (event: OrderEvent) => Promise<void>): ((input: TaskInput) => Promise<void>) =>
  (input) =>
    work('Records' in input ? (JSON.parse(input.Records[0].Sns.Message) as OrderEvent) : input); // what was published is an event

/** Notes on an order that something was done, by which event. The first time counts: events come at least once. */
export async function note(what: 'reserved' | 'shipped' | 'released', { id, order }: OrderEvent): Promise<void> {
  await database.send(
    new UpdateCommand({
      TableName: table,
      Key: { id: order },
      UpdateExpression: 'SET #what = if_not_exists(#what, :event)',
      ExpressionAttributeNames: { '#what': what },
      ExpressionAttributeValues: { ':event': id },
    }),
  );
}
