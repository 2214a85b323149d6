import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { batch } from '@skein/lambda/batch';
import { TABLE_NAME, variable } from '@skein/lambda/env';
import type { Booking } from '../../functions/account.ts';

const table = variable(TABLE_NAME);
const database = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** The consumer without its guard: it does not look whether it has booked a booking before. */
export const handler = batch<Booking>(async ({ body: { id, account, cents } }) => {
  await database.send(
    new UpdateCommand({
      TableName: table,
      Key: { id: account },
      UpdateExpression: 'SET bookings = list_append(if_not_exists(bookings, :none), :booking) ADD balance :cents',
      ExpressionAttributeValues: { ':none': [], ':booking': [{ id, cents }], ':cents': cents },
    }),
  );
});
