import { fileURLToPath } from 'node:url';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type App, type Cloud, type Hop, startCloud } from '@skein/cloud';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Booking } from '../functions/account.ts';

interface Account {
  readonly balance: number;
  readonly bookings: readonly { readonly id: string; readonly cents: number; readonly at: number }[];
}

let cloud: Cloud;
let app: App;
let sqs: SQSClient;
let cloudWatch: CloudWatchClient;
let database: DynamoDBDocumentClient;

beforeAll(async () => {
  cloud = await startCloud({ clock: 'virtual', seed: 8 });
  app = await cloud.deploy(fileURLToPath(new URL('..', import.meta.url)));
  sqs = cloud.client(SQSClient);
  cloudWatch = cloud.client(CloudWatchClient);
  database = DynamoDBDocumentClient.from(cloud.client(DynamoDBClient));
}, 60_000);
afterAll(() => cloud.stop());

beforeEach(async () => {
  await cloud.settle();
  cloud.trace.clear();
});

describe.each([
  { service: 'Bookings', work: () => cloud.settle({ advance: true }), firstUpdate: 1 },
  // Its first operation is to receive.
  { service: 'PolledBookings', work: () => cloud.clock.advance('10 minutes'), firstUpdate: 2 },
])('$service', ({ service, work, firstUpdate }) => {
  it('are booked in the order in which they were sent, account by account', async () => {
    const accounts = ['a', 'b', 'c'].map((name) => `${service}-${name}`);
    for (const n of range(12)) for (const account of accounts) await send(service, booking(account, n));
    await work();
    for (const account of accounts) expect(await numbersOf(service, account)).toEqual(range(12));
  });

  it('are taken once when they are sent twice within 5 minutes, and booked once when later', async () => {
    const twice = booking('twice', 1, 700);
    await send(service, twice);
    await send(service, twice);
    await work();
    expect(updatesOf(service)).toHaveLength(1);
    await cloud.clock.advance('6 minutes');
    await send(service, twice);
    await work();
    expect(updatesOf(service)).toHaveLength(2);
    expect(await accountOf(service, 'twice')).toMatchObject({ balance: 700, bookings: [{ id: 'twice/1' }] });
  });

  it('go on behind poison, which ends in the dead-letter queue after three attempts', async () => {
    const [before, poison, after] = [booking('mixed', 1), booking('mixed', 2, 0.5), booking('mixed', 3)];
    for (const one of [before, poison, after, booking('other', 1)]) await send(service, one);
    await work();
    expect(await numbersOf(service, 'mixed')).toEqual([1, 3]);
    expect(await numbersOf(service, 'other')).toEqual([1]);
    await cloud.clock.advance('2 minutes');
    expect(await alarmStateOf(service)).toBe('ALARM');
    const dead = await deadLettersOf(service);
    expect(dead.map(({ Body = '' }) => JSON.parse(Body))).toEqual([poison]);
    expect(dead[0]?.Attributes).toMatchObject({ MessageGroupId: 'mixed' });
    await cloud.clock.advance('2 minutes');
    expect(await alarmStateOf(service)).toBe('OK');
  });

  it('are booked once each, in order, although some are delivered twice', async () => {
    // Not more often than a message is tried: a duplicate is received too, and counts.
    using _ = cloud.faults.duplicate(app.resource(`${service}/Queue`), { rate: 0.5, times: 2 });
    for (const n of range(20)) await send(service, booking('duplicated', n));
    await work();
    expect(updatesOf(service)).toHaveLength(20 + 2);
    expect(await numbersOf(service, 'duplicated')).toEqual(range(20));
    expect(await accountOf(service, 'duplicated')).toMatchObject({ balance: 210 });
  });

  it('are booked once each, in order, although the consumer dies after it has booked', async () => {
    using _ = cloud.faults.kill(app.resource(`${service}Consumer`), { after: firstUpdate, times: 2 });
    for (const n of range(5)) await send(service, booking('killed', n));
    await work();
    expect(updatesOf(service)).toHaveLength(5 + 2);
    expect(await numbersOf(service, 'killed')).toEqual(range(5));
    expect(await deadLettersOf(service)).toEqual([]);
  });
});

describe('with an event source', () => {
  it('accounts are booked side by side, each booking after the one before', async () => {
    using _ = cloud.faults.latency(app.resource('BookingsAccounts'), '1 second', { operation: 'UpdateItem' });
    const accounts = ['slow-a', 'slow-b', 'slow-c'];
    for (const account of accounts) for (const n of range(4)) await send('Bookings', booking(account, n));
    const sentAt = cloud.clock.now.getTime();
    await cloud.settle({ advance: true });
    for (const account of accounts) {
      const { bookings = [] } = (await accountOf('Bookings', account)) ?? {};
      expect(bookings.map(({ at }) => at - sentAt)).toEqual([0, 1000, 2000, 3000]);
    }
  });
});

describe('polled', () => {
  it('one consumer works at a time, and calls itself until the queue is empty', async () => {
    const accounts = Array.from({ length: 10 }, (_, index) => `many-${index}`);
    for (const account of accounts) for (const n of range(20)) await send('PolledBookings', booking(account, n));
    await cloud.clock.advance('1 minute');
    await cloud.settle({ advance: true });
    for (const account of accounts) expect(await numbersOf('PolledBookings', account)).toEqual(range(20));
    const runs = cloud.trace.of(app.resource('PolledBookingsConsumer')).filter(({ target }) => target !== undefined);
    expect(new Set(runs.map(({ target }) => target)).size).toBe(1);
    const byItself = runs.filter(({ cause }) => cloud.trace.get(cause)?.principal.includes(':assumed-role/') === true);
    // 200 bookings, 10 at a time: more calls of itself than Lambda's loop detection would let pass.
    expect(byItself).toHaveLength(20);
  });
});

const range = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);

const booking = (account: string, n: number, cents = n): Booking => ({ id: `${account}/${n}`, account, cents });

async function send(service: string, { account, ...rest }: Booking): Promise<void> {
  const QueueUrl = app.outputs[`${service}QueueUrl`];
  await sqs.send(
    new SendMessageCommand({ QueueUrl, MessageGroupId: account, MessageBody: JSON.stringify({ account, ...rest }) }),
  );
}

async function accountOf(service: string, id: string): Promise<Account | undefined> {
  const { Item } = await database.send(
    new GetCommand({ TableName: app.resource(`${service}Accounts`).split('/').at(-1), Key: { id } }),
  );
  return Item as Account | undefined; // as account.ts writes it
}

/** The bookings of an account, in the order in which they were booked. */
const numbersOf = async (service: string, account: string): Promise<number[] | undefined> =>
  (await accountOf(service, account))?.bookings.map(({ id }) => Number(id.split('/')[1]));

const updatesOf = (service: string): Hop[] =>
  cloud.trace.of(app.resource(`${service}Accounts`)).filter(({ operation }) => operation === 'UpdateItem');

async function alarmStateOf(service: string): Promise<string | undefined> {
  const AlarmNames = [app.find(`${service}/DeadLetters/Alarm`).physicalId];
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames }));
  return MetricAlarms[0]?.StateValue;
}

/** Takes what lies in a dead-letter queue. */
async function deadLettersOf(service: string): Promise<Message[]> {
  const QueueUrl = app.find(`${service}/DeadLetters/Queue`).physicalId;
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }),
  );
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages;
}
