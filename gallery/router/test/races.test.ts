import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type ExploreContext, explore as search } from '@skein/cloud/explore';
import { explore } from '@skein/cloud/vitest';
import { expect, it } from 'vitest';
import type { OrderEvent } from '../functions/orderEvent.ts';

const app = fileURLToPath(new URL('races', import.meta.url));

/** Sends that an order was placed, and that it was paid; gives what was done for it. */
async function done({ app, cloud }: ExploreContext, service: string): Promise<unknown> {
  const lambda = cloud.client(LambdaClient);
  const database = DynamoDBDocumentClient.from(cloud.client(DynamoDBClient));
  const send = (event: OrderEvent) =>
    lambda.send(
      new InvokeCommand({
        FunctionName: app.outputs[`${service}Router`],
        InvocationType: 'Event',
        Payload: JSON.stringify(event),
      }),
    );
  await Promise.all([
    send({ id: 'e-1', type: 'order.placed', order: '7' }),
    send({ id: 'e-2', type: 'order.paid', order: '7', address: 'Main Street 1' }),
  ]);
  await cloud.settle({ advance: true });
  const TableName = app.find(`${service}Table`).physicalId;
  return (await database.send(new GetCommand({ TableName, Key: { id: '7' } }))).Item;
}

explore(
  'each event is worked on by its task, once, whatever comes twice and whoever dies',
  {
    app,
    schedules: 200,
    faults: {
      duplicate: { rate: 0.2, times: 1, of: ['Orders-route', 'Orders-reserve'] },
      kill: { rate: 0.02, times: 1, of: ['Orders-route', 'Orders-reserve'] },
    },
  },
  async (context) => {
    expect(await done(context, 'Orders')).toEqual({ id: '7', reserved: 'e-1', shipped: 'e-2' });
  },
);

it('an order is reserved twice by a task that does not look', { timeout: 120_000 }, async () => {
  const options = {
    app,
    schedules: 200,
    faults: { duplicate: { rate: 0.2, times: 1, of: 'UncheckedOrders-reserve' } },
    failures: false,
    replay: '',
  } as const;
  const found = search('once', options, async (context) => {
    expect(await done(context, 'UncheckedOrders')).toEqual({ id: '7', reserved: ['e-1'], shipped: 'e-2' });
  });
  await expect(found).rejects.toThrow(/oldest first[\s\S]*DuplicateEvent UncheckedOrders-reserve/);
});
