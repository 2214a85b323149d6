import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { type ExploreContext, explore as search } from '@skein/cloud/explore';
import { explore } from '@skein/cloud/vitest';
import { expect, it } from 'vitest';
import type { Order } from '../functions/invoice.ts';

const app = fileURLToPath(new URL('races', import.meta.url));

const order: Order = { id: '1', customer: 'Ada', items: [{ name: 'tea', cents: 450 }] };

/** Hands an order over twice at once, as callers do that do not know of each other. */
async function handOverTwice({ app, cloud }: ExploreContext, handler: string): Promise<void> {
  const lambda = cloud.client(LambdaClient);
  const FunctionName = app.resource(handler);
  const handOver = new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify(order) });
  await Promise.all([lambda.send(handOver), lambda.send(handOver)]);
  await cloud.settle({ advance: true });
}

/** How often an invoice was written. */
const writesOf = ({ app, cloud }: ExploreContext, service: string): number =>
  cloud.trace.of(app.resource(`${service}/Table`)).filter(({ operation }) => operation === 'PutItem').length;

const deathsIn = ({ cloud }: ExploreContext): number =>
  cloud.trace.all().filter(({ operation }) => operation === 'KillEnvironment').length;

explore(
  'an order is invoiced once, however often it comes at once and whoever dies',
  {
    app,
    schedules: 200,
    faults: { duplicate: { rate: 0.3, times: 1, of: 'Invoice' }, kill: { rate: 0.02, times: 1, of: 'Invoice' } },
  },
  async (context) => {
    await handOverTwice(context, 'Invoice');
    const database = DynamoDBDocumentClient.from(context.cloud.client(DynamoDBClient));
    const TableName = context.app.find('Invoices/Table').physicalId;
    const { Items } = await database.send(new ScanCommand({ TableName }));
    expect(Items).toEqual([{ id: '1', customer: 'Ada', cents: 450 }]);
    // Who dies after the write and before that is known writes the same invoice again.
    expect(writesOf(context, 'Invoices')).toBeLessThanOrEqual(1 + deathsIn(context));
  },
);

it('an order is invoiced twice by a function that looks before it writes', { timeout: 120_000 }, async () => {
  const options = { app, schedules: 200, failures: false, replay: '' } as const;
  const found = search('once', options, async (context) => {
    await handOverTwice(context, 'CarelessInvoice');
    expect(writesOf(context, 'CarelessInvoices')).toBe(1);
  });
  await expect(found).rejects.toThrow(/oldest first, except that .*GetItem.* and its .*PutItem/);
});
