import { fileURLToPath } from 'node:url';
import { type App, type Cloud, startCloud } from '@skein/cloud';
import type { Listening } from '@skein/lambda/api';
import { openApi } from '@skein/lambda/api/openapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ordersApi } from '../functions/api.ts';
import { memoryStore } from '../functions/memoryStore.ts';
import { tokenOf } from '../functions/token.ts';
import { balancerEvent, type Call, responseOf, restEvent } from './events.ts';

const SECRET = 'a secret of the test, long enough';
const FOLDER = fileURLToPath(new URL('..', import.meta.url));

const api = ordersApi({ store: memoryStore(), secret: SECRET });
let cloud: Cloud;
let app: App;
let server: Listening;

beforeAll(async () => {
  server = await api.listen();
  cloud = await startCloud({ clock: 'virtual' });
  app = await cloud.deploy(FOLDER, { parameters: { TokenSecret: SECRET } });
}, 60_000);
afterAll(async () => {
  await server?.close();
  await cloud?.stop();
});

type Send = (call: Call) => Promise<Response>;

const over =
  (url: () => string | undefined): Send =>
  ({ path, ...init }) =>
    fetch(`${url()?.replace(/\/$/, '')}${path}`, init);
const byEvent =
  (eventOf: (call: Call) => object): Send =>
  async (call) =>
    responseOf(await api.run(eventOf(call), {}));

/** Where the same API runs. */
const places: readonly (readonly [name: string, send: Send])[] = [
  ['an HTTP API', over(() => app.outputs['Url'])],
  ['an HTTP API with payload format 1.0', over(() => app.outputs['OlderUrl'])],
  ['a function URL that streams', over(() => app.outputs['StreamingUrl'])],
  ['a plain server', over(() => server.url)],
  ['a REST API, by its events', byEvent(restEvent)],
  ['a load balancer, by its events', byEvent(balancerEvent)],
];

let clients = 0;

/** A client with a name of its own: it sees no orders of other tests. */
function clientOf(send: Send, token?: string) {
  const user = `user-${++clients}`;
  const headers = { authorization: `Bearer ${token ?? tokenOf(user, SECRET)}` };
  const call = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) => {
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const response = await send({
      method,
      path,
      headers: { ...headers, ...(text !== undefined && { 'content-type': 'application/json' }), ...more },
      ...(text !== undefined && { body: text }),
    });
    const answer = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return {
      status: response.status,
      header: (name: string) => response.headers.get(name),
      body: isJson && answer !== '' ? JSON.parse(answer) : answer,
    };
  };
  return { user, call };
}

const TEA = { sku: 'tea', quantity: 2, price: 450 };
const MILK = { sku: 'milk', quantity: 1, price: 120 };

describe.each(places)('behind %s', (_place, send) => {
  it('an order is placed, read, changed step by step, and deleted', async () => {
    const { user, call } = clientOf(send);
    const placed = await call('POST', '/orders', { items: [TEA] });
    expect(placed).toMatchObject({ status: 201, body: { owner: user, status: 'open', version: 1, items: [TEA] } });
    const path = `/orders/${placed.body.id}`;
    expect(placed.header('location')).toBe(path);
    expect(await call('GET', path)).toMatchObject({ status: 200, body: placed.body });

    expect(await call('PUT', path, { version: 1, items: [TEA], note: 'soon' })).toMatchObject({
      status: 200,
      body: { version: 2, note: 'soon' },
    });
    expect((await call('PATCH', path, { note: 'ring twice' })).body).toMatchObject({ version: 3, note: 'ring twice' });
    expect(await call('POST', `${path}/items`, MILK)).toMatchObject({ status: 201, body: { items: [TEA, MILK] } });
    expect((await call('PUT', `${path}/items/milk`, { quantity: 7 })).body.items).toEqual([
      TEA,
      { ...MILK, quantity: 7 },
    ]);
    expect((await call('GET', `${path}/items`)).body.items).toHaveLength(2);
    expect((await call('DELETE', `${path}/items/tea`)).body.items).toEqual([{ ...MILK, quantity: 7 }]);
    expect((await call('POST', `${path}/pay`)).body.status).toBe('paid');
    expect((await call('POST', `${path}/ship`)).body.status).toBe('shipped');
    expect(await call('POST', `${path}/cancel`)).toMatchObject({
      status: 409,
      body: { error: `order ${placed.body.id} is shipped: it cannot be cancelled` },
    });
    const { history } = (await call('GET', `${path}/history`)).body;
    expect(history.map(({ what }: { what: string }) => what)).toEqual([
      'placed',
      'changed',
      'noted',
      'added milk',
      'changed milk',
      'removed tea',
      'paid',
      'shipped',
    ]);
    expect(await call('DELETE', path)).toMatchObject({ status: 204, body: '' });
    expect(await call('GET', path)).toMatchObject({ status: 404 });
  });

  it('who has no valid token gets 401, and learns nothing of the orders of others', async () => {
    const { call } = clientOf(send);
    const { id } = (await call('POST', '/orders', { items: [TEA] })).body;
    for (const token of ['', 'nobody', 'ada.c2lnbmF0dXJl', tokenOf('ada', 'another secret')]) {
      const refused = await clientOf(send, token).call('GET', `/orders/${id}`);
      expect(refused).toMatchObject({ status: 401, body: { error: 'a valid token is needed' } });
      expect(refused.header('www-authenticate')).toBe('Bearer');
    }
    const other = clientOf(send);
    expect(await other.call('GET', `/orders/${id}`)).toMatchObject({
      status: 404,
      body: { error: `there is no order ${id}` },
    });
    expect((await other.call('DELETE', `/orders/${id}`)).status).toBe(404);
    expect((await other.call('GET', '/me')).body).toEqual({ user: other.user });
    expect((await call('GET', `/orders/${id}`)).status).toBe(200);
  });

  it('a request that does not fit gets 400 with every fault by name', async () => {
    const { call } = clientOf(send);
    const refused = await call('POST', '/orders', { items: [{ sku: '', quantity: 1.5, price: 1 }, 'tea'], note: 5 });
    expect(refused.status).toBe(400);
    expect(refused.body.faults.map((fault: { path: string }) => fault.path)).toEqual([
      'items.0.sku',
      'items.0.quantity',
      'items.1',
      'note',
    ]);
    expect(await call('POST', '/orders', '{"items":')).toMatchObject({
      status: 400,
      body: { faults: [{ in: 'body', path: '', message: 'must be an object' }] },
    });
    expect(await call('GET', '/orders?limit=many')).toMatchObject({
      status: 400,
      body: { faults: [{ in: 'query', path: 'limit', message: 'must be a whole number from 1 to 100' }] },
    });
  });

  it('who has seen an old version is refused', async () => {
    const { call } = clientOf(send);
    const { id } = (await call('POST', '/orders', { items: [TEA] })).body;
    const change = { version: 1, items: [MILK] };
    expect((await call('PUT', `/orders/${id}`, change)).status).toBe(200);
    expect(await call('PUT', `/orders/${id}`, change)).toMatchObject({
      status: 409,
      body: { error: `order ${id} was changed since version 1: read it again` },
    });
  });

  it('the list is paged, the summary counts, the export has every order once', async () => {
    const { call } = clientOf(send);
    const ids: string[] = [];
    for (let quantity = 1; quantity <= 5; quantity++) {
      ids.push((await call('POST', '/orders', { items: [{ ...TEA, quantity }] })).body.id);
    }
    await call('POST', `/orders/${ids[0]}/cancel`);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await call('GET', `/orders?limit=2${query}`);
      expect(body.orders.length).toBeLessThanOrEqual(2);
      seen.push(...body.orders.map(({ id }: { id: string }) => id));
      cursor = body.cursor;
    } while (cursor !== undefined);
    expect(seen.sort()).toEqual([...ids].sort());

    const total = (2 + 3 + 4 + 5) * TEA.price;
    expect((await call('GET', '/orders/summary')).body).toEqual({ open: 4, paid: 0, shipped: 0, cancelled: 1, total });

    const exported = await call('GET', '/orders/export');
    expect(exported.status).toBe(200);
    expect(exported.header('content-disposition')).toBe('attachment; filename="orders.csv"');
    expect(exported.header('content-type')).toBe('text/csv');
    const [head, ...rows] = exported.body.trim().split('\n');
    expect(head).toBe('id,status,lines,total');
    expect(rows.sort()).toEqual(
      ids.map((id, index) => `${id},${index === 0 ? 'cancelled' : 'open'},1,${((index + 1) * 4.5).toFixed(2)}`).sort(),
    );
  });

  it('an invoice is a file to be saved, and is not sent twice', async () => {
    const { user, call } = clientOf(send);
    const { id } = (await call('POST', '/orders', { items: [TEA, MILK] })).body;
    const invoice = await call('GET', `/orders/${id}/invoice`);
    expect(invoice.body).toBe(`Invoice ${id} for ${user}\n2 x tea  9.00\n1 x milk  1.20\nTotal  10.20\n`);
    expect(invoice.header('content-disposition')).toBe(`attachment; filename="invoice-${id}.txt"`);
    expect(invoice.header('content-type')).toBe('text/plain');
    const etag = invoice.header('etag') ?? '';
    expect(etag).toMatch(/^"\w+"$/);
    expect(await call('GET', `/orders/${id}/invoice`, undefined, { 'if-none-match': etag })).toMatchObject({
      status: 304,
      body: '',
    });
  });

  it('an upload places all of its orders, or none', async () => {
    const { call } = clientOf(send);
    const upload = (text: string) =>
      call(
        'POST',
        '/orders/import',
        `--X\r\nContent-Disposition: form-data; name="file"; filename="orders.json"\r\nContent-Type: application/json\r\n\r\n${text}\r\n--X--\r\n`,
        { 'content-type': 'multipart/form-data; boundary=X' },
      );
    expect(await upload(JSON.stringify([{ items: [TEA] }, { items: [] }]))).toMatchObject({
      status: 400,
      body: { error: 'order 1.items must be a list of 1 to 100' },
    });
    expect((await call('GET', '/orders')).body.orders).toEqual([]);
    expect(await upload(JSON.stringify([{ items: [TEA] }, { items: [MILK] }]))).toMatchObject({
      status: 201,
      body: { placed: 2 },
    });
    expect((await call('GET', '/orders')).body.orders).toHaveLength(2);
  });

  it('an unknown path is 404, an unknown method 405 with what is allowed, HEAD has no body', async () => {
    const { call } = clientOf(send);
    expect(await call('GET', '/nowhere')).toMatchObject({ status: 404, body: { error: 'Route not found' } });
    const refused = await call('DELETE', '/orders');
    expect(refused.status).toBe(405);
    expect(refused.header('allow')).toContain('POST');
    expect(await call('HEAD', '/health')).toMatchObject({ status: 200, body: '' });
  });

  it('the description names every route', async () => {
    const { call } = clientOf(send, 'none');
    const { status, body } = await call('GET', '/openapi.json');
    expect(status).toBe(200);
    expect(Object.values(body.paths).flatMap((methods) => Object.keys(methods as object))).toHaveLength(20);
    expect(body.paths['/orders/{id}/items/{sku}'].put.requestBody.content['application/json'].schema).toEqual({
      type: 'object',
      properties: { quantity: { type: 'integer', minimum: 1, maximum: 1000 } },
      required: ['quantity'],
    });
    expect(body).toEqual(JSON.parse(JSON.stringify(openApi(api))));
  });
});

it('100 requests at once each get their own answer', async () => {
  const { call } = clientOf(places[0]?.[1] ?? fetch.bind(undefined, ''));
  const quantities = Array.from({ length: 100 }, (_, index) => index + 1);
  const answers = await Promise.all(
    quantities.map((quantity) => call('POST', '/orders', { items: [{ ...TEA, quantity }], note: `n${quantity}` })),
  );
  expect(answers.map(({ body }) => [body.items[0].quantity, body.note])).toEqual(quantities.map((n) => [n, `n${n}`]));
});

it('a secret that is too short is refused at deploy', async () => {
  await expect(cloud.deploy(FOLDER, { parameters: { TokenSecret: 'short' } })).rejects.toThrow(/TokenSecret/);
});
