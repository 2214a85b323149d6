import { fileURLToPath } from 'node:url';
import { type App, type Cloud, startCloud } from '@skein/cloud';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Order {
  readonly id: string;
  readonly item: string;
  readonly quantity: number;
  readonly version: number;
}

let cloud: Cloud;
let app: App;

beforeAll(async () => {
  cloud = await startCloud({ clock: 'virtual' });
  app = await cloud.deploy(fileURLToPath(new URL('..', import.meta.url)));
}, 60_000);
afterAll(() => cloud.stop());

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${app.outputs['Url']}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : {
          body: typeof body === 'string' ? body : JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

const place = async (item: string, quantity = 1): Promise<Order> =>
  (await call('POST', '/orders', { item, quantity })).body;

describe('an order', () => {
  it('is created, read, changed and deleted', async () => {
    const created = await call('POST', '/orders', { item: 'tea', quantity: 2 });
    expect(created.status).toBe(201);
    const { id } = created.body;
    expect(created.headers.get('location')).toBe(`/orders/${id}`);
    expect(await call('GET', `/orders/${id}`)).toMatchObject({
      status: 200,
      body: { id, item: 'tea', quantity: 2, version: 1 },
    });

    const changed = await call('PUT', `/orders/${id}`, { item: 'tea', quantity: 3, version: 1 });
    expect(changed).toMatchObject({ status: 200, body: { quantity: 3, version: 2 } });
    expect((await call('GET', `/orders/${id}`)).body).toEqual(changed.body);

    expect((await call('DELETE', `/orders/${id}`)).status).toBe(204);
    expect((await call('GET', `/orders/${id}`)).status).toBe(404);
  });

  it('that does not exist is a 404 that names it', async () => {
    const missing = { status: 404, body: { error: 'there is no order 404' } };
    expect(await call('GET', '/orders/404')).toMatchObject(missing);
    expect(await call('PUT', '/orders/404', { item: 'tea', quantity: 1, version: 1 })).toMatchObject(missing);
    expect((await call('GET', '/nothing')).status).toBe(404);
  });

  it('is refused with a 400 that says what is wrong', async () => {
    expect(await call('POST', '/orders', { quantity: 1 })).toMatchObject({
      status: 400,
      body: { error: 'item must be a text' },
    });
    expect(await call('POST', '/orders', { item: 'tea', quantity: 0.5 })).toMatchObject({
      status: 400,
      body: { error: 'quantity must be a whole number of 1 or more' },
    });
    expect((await call('POST', '/orders', '{"item":')).status).toBe(400);
  });

  it('is not changed by who has seen an old version', async () => {
    const { id } = await place('milk');
    expect((await call('PUT', `/orders/${id}`, { item: 'milk', quantity: 5, version: 1 })).status).toBe(200);
    const stale = await call('PUT', `/orders/${id}`, { item: 'milk', quantity: 9, version: 1 });
    expect(stale).toMatchObject({
      status: 409,
      body: { error: `order ${id} was changed since version 1: read it again` },
    });
    expect((await call('GET', `/orders/${id}`)).body).toMatchObject({ quantity: 5, version: 2 });
  });

  it('of two changes at once, one wins', async () => {
    const { id } = await place('sugar');
    const changes = await Promise.all(
      [7, 8, 9].map((quantity) => call('PUT', `/orders/${id}`, { item: 'sugar', quantity, version: 1 })),
    );
    expect(changes.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });
});

describe('the list', () => {
  it('is paged by an opaque cursor, each order once', async () => {
    const placed = new Set(
      (await Promise.all(Array.from({ length: 12 }, (_, index) => place(`item ${index}`)))).map(({ id }) => id),
    );
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await call('GET', `/orders?limit=5${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      expect(page.body.orders.length).toBeLessThanOrEqual(5);
      seen.push(...page.body.orders.map(({ id }: Order) => id));
      cursor = page.body.cursor;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect([...placed].filter((id) => !seen.includes(id))).toEqual([]);
  });

  it('refuses a cursor that it did not give, and a limit that is none', async () => {
    expect(await call('GET', '/orders?cursor=nonsense')).toMatchObject({
      status: 400,
      body: { error: 'cursor is not one that this API gave' },
    });
    expect((await call('GET', '/orders?limit=many')).status).toBe(400);
  });
});

describe('what is behind it', () => {
  it('is one function, called by the gateway, that called the table', async () => {
    cloud.trace.clear();
    const { id } = await place('bread');
    await cloud.settle();
    const [request] = cloud.trace.all().filter(({ service }) => service === 'apigateway');
    const [invocation] = cloud.trace
      .all()
      .filter(({ service, operation }) => service === 'lambda' && operation === 'Invoke');
    const [write] = cloud.trace.of(app.resource('Orders/Table'));
    expect(request).toMatchObject({ cause: 0, outcome: 'ok' });
    expect(invocation).toMatchObject({
      cause: request?.id,
      resource: app.resource('Handler'),
      principal: 'apigateway.amazonaws.com',
    });
    expect(write).toMatchObject({ cause: invocation?.id, operation: 'PutItem', outcome: 'ok' });
    expect(write?.principal).toContain(':assumed-role/');
    expect(id).toBeTypeOf('string');
  });

  it('deployed again, does not change', async () => {
    const again = await cloud.deploy(fileURLToPath(new URL('..', import.meta.url)));
    expect(again.changed).toBe(false);
    expect(again.outputs).toEqual(app.outputs);
  });
});
