import { fileURLToPath } from 'node:url';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { type App, type Cloud, type Hop, startCloud } from '@skein/cloud';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '../functions/invoice.ts';

let cloud: Cloud;
let app: App;

beforeEach(async () => {
  cloud = await startCloud({ clock: 'virtual', seed: 5 });
  app = await cloud.deploy(fileURLToPath(new URL('..', import.meta.url)));
}, 60_000);
afterEach(() => cloud.stop());

const order = (id: string): Order => ({
  id,
  customer: 'Ada',
  items: [
    { name: 'tea', cents: 450 },
    { name: 'cup', cents: 1200 },
  ],
});
const invoice = (id: string) => ({ id, customer: 'Ada', cents: 1650 });
const empty: Order = { ...order('empty'), items: [] };

async function handOver(event: Order): Promise<number | undefined> {
  const Payload = JSON.stringify(event);
  const FunctionName = app.outputs['FunctionName'];
  const { StatusCode } = await cloud
    .client(LambdaClient)
    .send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
  return StatusCode;
}

async function invoices(): Promise<unknown[]> {
  const database = DynamoDBDocumentClient.from(cloud.client(DynamoDBClient));
  const { Items = [] } = await database.send(new ScanCommand({ TableName: app.outputs['TableName'] }));
  return Items;
}

/** The runs of the handler. They have the environment that they ran in as their target. */
const runs = (): Hop[] =>
  cloud.trace
    .of(app.resource('Invoice'))
    .filter(({ operation, target = '' }) => operation === 'Invoke' && /\.\d+$/.test(target));

/** How often an invoice was written. */
const writes = (): number =>
  cloud.trace
    .of(app.resource('Invoices/Table'))
    .filter(({ operation, outcome }) => operation === 'PutItem' && outcome === 'ok').length;

async function alarmState(): Promise<string | undefined> {
  const AlarmNames = [app.find('Invoices/DeadLetters/Alarm').physicalId];
  const { MetricAlarms = [] } = await cloud.client(CloudWatchClient).send(new DescribeAlarmsCommand({ AlarmNames }));
  return MetricAlarms[0]?.StateValue;
}

async function deadLetters(): Promise<unknown[]> {
  const QueueUrl = app.find('Invoices/DeadLetters/Queue').physicalId;
  const { Messages = [] } = await cloud
    .client(SQSClient)
    .send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return Messages.map(({ Body = '' }) => JSON.parse(Body));
}

describe('the internal handoff', () => {
  it('takes an order over at once, and works on it afterwards', async () => {
    expect(await handOver(order('1'))).toBe(202);
    expect(await invoices()).toEqual([]);
    await cloud.settle();
    expect(await invoices()).toEqual([invoice('1')]);
    expect(await alarmState()).not.toBe('ALARM');
  });

  it('takes over what a service hands over that was granted to', async () => {
    const { Payload, FunctionError } = await cloud
      .client(LambdaClient)
      .send(new InvokeCommand({ FunctionName: app.find('Shop').physicalId, Payload: JSON.stringify(order('1')) }));
    expect([FunctionError, Payload?.transformToString()]).toEqual([undefined, '202']);
    await cloud.settle();
    expect(await invoices()).toEqual([invoice('1')]);
  });

  it('tries three times, a minute and two minutes apart, then keeps the order with its error and gives alarm', async () => {
    expect(await handOver(empty)).toBe(202);
    await cloud.settle({ advance: true });
    const [first = Number.NaN, second = Number.NaN, third = Number.NaN, ...more] = runs().map(({ at }) => at / 60_000);
    expect(more).toEqual([]);
    expect(second - first).toBeGreaterThan(0.9);
    expect(second - first).toBeLessThan(1.2);
    expect(third - second).toBeGreaterThan(1.8);
    expect(third - second).toBeLessThan(2.4);
    await cloud.clock.advance('2 minutes');
    expect(await alarmState()).toBe('ALARM');
    expect(await deadLetters()).toEqual([
      expect.objectContaining({
        requestContext: expect.objectContaining({
          functionArn: `${app.resource('Invoice')}:$LATEST`,
          condition: 'RetriesExhausted',
          approximateInvokeCount: 3,
        }),
        requestPayload: empty,
        responseContext: expect.objectContaining({ statusCode: 200, functionError: 'Unhandled' }),
        responsePayload: expect.objectContaining({
          errorType: 'RangeError',
          errorMessage: 'order empty has nothing in it to make an invoice of',
        }),
      }),
    ]);
    expect(await invoices()).toEqual([]);
  });

  it('writes once what is handed over twice', async () => {
    await handOver(order('1'));
    await cloud.settle();
    await handOver(order('1'));
    await cloud.settle({ advance: true });
    expect([runs().length, writes()]).toEqual([2, 1]);
    expect(await invoices()).toEqual([invoice('1')]);
  });

  it('writes once what is delivered twice, at the same time or not', async () => {
    using _ = cloud.faults.duplicate(app.resource('Invoice'));
    await handOver(order('1'));
    await cloud.settle({ advance: true });
    expect(runs().length).toBeGreaterThan(1);
    expect(writes()).toBe(1);
    expect(await deadLetters()).toEqual([]);
  });

  it.each([
    ['before it claims the order', { before: 1 }, 1],
    ['after it claimed the order', { after: 1 }, 1],
    ['before it writes', { before: 2 }, 1],
    ['after it wrote', { after: 2 }, 2],
    ['after it noted that it wrote', { after: 3 }, 1],
  ])('has one invoice when the function is killed %s', async (_when, kill, written) => {
    using _ = cloud.faults.kill(app.resource('Invoice'), { ...kill, times: 1 });
    await handOver(order('1'));
    await cloud.settle({ advance: true });
    expect(runs()).toHaveLength(2);
    expect(writes()).toBe(written);
    expect(await invoices()).toEqual([invoice('1')]);
    expect(await deadLetters()).toEqual([]);
  });
});
