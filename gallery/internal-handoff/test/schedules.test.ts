import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { App, Cloud } from '@skein/cloud';
import { explore } from '@skein/cloud/vitest';
import { expect } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));
const Payload = JSON.stringify({ id: '1', customer: 'Ada', items: [{ name: 'tea', cents: 450 }] });

interface Scene {
  readonly app: App;
  readonly cloud: Cloud;
}

/** Hands one order over twice at once, by callers that do not know of each other, and waits until all is over. */
async function handOverTwice({ app, cloud }: Scene): Promise<void> {
  const handOver = new InvokeCommand({ FunctionName: app.resource('Invoice'), InvocationType: 'Event', Payload });
  const lambda = cloud.client(LambdaClient);
  await Promise.all([lambda.send(handOver), lambda.send(handOver)]);
  await cloud.settle({ advance: true });
}

async function invoices({ app, cloud }: Scene): Promise<unknown> {
  const database = DynamoDBDocumentClient.from(cloud.client(DynamoDBClient));
  return (await database.send(new ScanCommand({ TableName: app.resource('Invoices/Table') }))).Items;
}

const writes = ({ app, cloud }: Scene): number =>
  cloud.trace
    .of(app.resource('Invoices/Table'))
    .filter(({ operation, outcome }) => operation === 'PutItem' && outcome === 'ok').length;

explore(
  'an order is invoiced once, in whatever order things happen and whatever is duplicated',
  { app: folder, schedules: 40, budget: '20 s', faults: { duplicate: 0.3 } },
  async (scene) => {
    await handOverTwice(scene);
    expect(await invoices(scene)).toEqual([{ id: '1', customer: 'Ada', cents: 450 }]);
    expect(writes(scene)).toBe(1);
  },
);

explore(
  'an order has one invoice, wherever the function dies',
  { app: folder, schedules: 20, budget: '20 s', faults: { kill: { rate: 0.3, times: 1 } } },
  async (scene) => {
    await handOverTwice(scene);
    expect(await invoices(scene)).toEqual([{ id: '1', customer: 'Ada', cents: 450 }]);
  },
);
