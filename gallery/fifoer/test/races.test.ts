import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type ExploreContext, explore as search } from '@skein/cloud/explore';
import { explore } from '@skein/cloud/vitest';
import { expect, it } from 'vitest';
import type { Booking } from '../functions/account.ts';

const app = fileURLToPath(new URL('races', import.meta.url));

/** A booking is tried three times: its delivery may be doubled once, and its consumer may die once. */
const faults = {
  duplicate: { rate: 0.3, times: 1, of: 'Bookings/Queue' },
  kill: { rate: 0.02, times: 1, of: 'BookingsConsumer' },
};

interface Sending {
  readonly service: string;
  readonly groupOf?: (booking: Booking) => string;
}

/** Sends two bookings of an account and one of another; gives the ids of the account's, as they were booked. */
async function booked({ app, cloud }: ExploreContext, { service, groupOf = ({ account }) => account }: Sending) {
  const sqs = cloud.client(SQSClient);
  const database = DynamoDBDocumentClient.from(cloud.client(DynamoDBClient));
  const QueueUrl = app.outputs[`${service}QueueUrl`];
  for (const [account, n] of [
    ['a', 1],
    ['b', 1],
    ['a', 2],
  ] as const) {
    const booking = { id: `${account}/${n}`, account, cents: n };
    const MessageBody = JSON.stringify(booking);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageGroupId: groupOf(booking), MessageBody }));
  }
  await cloud.settle({ advance: true });
  const TableName = app.find(`${service}Accounts`).physicalId;
  const { Item } = await database.send(new GetCommand({ TableName, Key: { id: 'a' } }));
  const bookings: Booking[] = Item?.['bookings'] ?? []; // as account.ts writes them
  return bookings.map(({ id }) => id);
}

explore(
  'bookings are booked once each, in order, whatever is delivered twice and whoever dies',
  { app, schedules: 200, faults },
  async (context) => {
    expect(await booked(context, { service: 'Bookings' })).toEqual(['a/1', 'a/2']);
  },
);

/** Of searches that find something: nothing is kept, and nothing replayed. */
const finding = { app, schedules: 200, failures: false, replay: '' } as const;

it('a booking is booked twice by a consumer that does not look', { timeout: 120_000 }, async () => {
  const service = 'UncheckedBookings';
  const faults = { duplicate: { rate: 0.3, times: 1, of: `${service}/Queue` } };
  const found = search('once', { ...finding, faults }, async (context) => {
    const ids = await booked(context, { service });
    expect(ids).toEqual([...new Set(ids)]);
  });
  await expect(found).rejects.toThrow(/oldest first, except that .*twice/);
});

it('bookings change places when each is a group of its own', { timeout: 120_000 }, async () => {
  const found = search('in order', finding, async (context) => {
    const ids = await booked(context, { service: 'Bookings', groupOf: ({ id }) => id });
    expect(ids).toEqual(['a/1', 'a/2']);
  });
  await expect(found).rejects.toThrow(/oldest first, except that /);
});
