import { randomUUID } from 'node:crypto';
import { ApiError, contract } from '@skein/lambda/api';
import { multipart } from '@skein/lambda/api/multipart';
import { Draft, money, type Order, totalOf } from '../order.ts';
import { type OrdersApi, ownOrder } from '../ordersApi.ts';
import { allOrders, type Store } from '../store.ts';

/** Orders as files: all of them as a stream, one as an invoice, some from an upload. */
export function fileRoutes(api: OrdersApi): void {
  api.get('/orders/export', contract({ summary: 'All your orders as CSV' }), (req, res) =>
    res.attachment('orders.csv').stream(rows(req.ns.store, req.user)),
  );

  api.get('/orders/:id/invoice', contract({ summary: 'Invoice of an order' }), async (req, res) => {
    const order = await ownOrder(req, req.params.id);
    await res.etag().download(Buffer.from(invoiceOf(order)), `invoice-${order.id}.txt`);
  });

  api.post('/orders/import', contract({ summary: 'Place the orders of an uploaded JSON file' }), async (req, res) => {
    const file = multipart(req, { maxParts: 1 }).files[0];
    if (file === undefined) throw new ApiError('upload a file with a JSON list of orders', 400);
    const drafts = draftsOf(Buffer.from(file.bytes).toString());
    const at = new Date().toISOString();
    for (const draft of drafts) {
      const history = [{ at, what: 'imported' }];
      await req.ns.store.create({ id: randomUUID(), owner: req.user, status: 'open', version: 1, ...draft, history });
    }
    res.status(201).json({ placed: drafts.length });
  });
}

async function* rows(store: Store, owner: string): AsyncGenerator<string> {
  yield 'id,status,lines,total\n';
  for await (const order of allOrders(store, owner)) {
    yield `${order.id},${order.status},${order.items.length},${money(totalOf(order))}\n`;
  }
}

function invoiceOf(order: Order): string {
  const lines = order.items.map(({ sku, quantity, price }) => `${quantity} x ${sku}  ${money(quantity * price)}`);
  return [`Invoice ${order.id} for ${order.owner}`, ...lines, `Total  ${money(totalOf(order))}`, ''].join('\n');
}

/** The orders of an upload: all of them, or none if one is wrong. */
function draftsOf(text: string): Draft[] {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    throw new ApiError('the file is not JSON', 400);
  }
  if (!Array.isArray(values)) throw new ApiError('the file has no list of orders', 400);
  return values.map((value, index) => {
    const issues: { message: string; path: readonly PropertyKey[] }[] = [];
    const draft = Draft.read(value, [index], issues);
    const [first] = issues;
    if (first === undefined) return draft;
    throw new ApiError(`order ${first.path.join('.')} ${first.message}`, 400);
  });
}
