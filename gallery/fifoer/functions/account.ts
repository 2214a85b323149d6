import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE_NAME, variable } from '@skein/lambda/env';

/** A booking on an account, which is the message group: an account's bookings are booked in the order in which they were sent. */
export interface Booking {
  readonly id: string;
  readonly account: string;
  readonly cents: number;
}

const table = variable(TABLE_NAME);
const database = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** Books a booking, once: again, it changes nothing. @throws when the booking is none */
export async function book({ id, account, cents }: Booking): Promise<void> {
  if (!Number.isSafeInteger(cents)) throw new TypeError(`booking ${id} is over ${cents}, which are no whole cents`);
  try {
    await database.send(
      new UpdateCommand({
        TableName: table,
        Key: { id: account },
        UpdateExpression:
          'SET bookings = list_append(if_not_exists(bookings, :none), :booking) ADD balance :cents, booked :ids',
        ConditionExpression: 'NOT contains(booked, :id)',
        ExpressionAttributeValues: {
          ':none': [],
          ':booking': [{ id, cents, at: Date.now() }],
          ':cents': cents,
          ':ids': new Set([id]),
          ':id': id,
        },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
