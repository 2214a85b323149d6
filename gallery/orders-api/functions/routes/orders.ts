import { randomUUID } from 'node:crypto';
import { ApiError, contract } from '@skein/lambda/api';
import { Draft, Items, Note, Order, type Status, totalOf } from '../order.ts';
import { change, needOpen, type OrdersApi, ownOrder } from '../ordersApi.ts';
import { list, object, optional, text, whole, wholeText } from '../schema.ts';
import { allOrders } from '../store.ts';

const Listing = object({ orders: list(Order), cursor: optional(text()) });
const Change = object({ version: whole(1, Number.MAX_SAFE_INTEGER), items: Items, note: Note });
const Summary = object({
  open: whole(0, Number.MAX_SAFE_INTEGER),
  paid: whole(0, Number.MAX_SAFE_INTEGER),
  shipped: whole(0, Number.MAX_SAFE_INTEGER),
  cancelled: whole(0, Number.MAX_SAFE_INTEGER),
  /** Of all that are not cancelled, in cents. */
  total: whole(0, Number.MAX_SAFE_INTEGER),
});

/** Orders as such: placed, read, changed, deleted, listed. */
export function orderRoutes(api: OrdersApi): void {
  api.post(
    '/orders',
    contract({ summary: 'Place an order', body: Draft, response: { 201: Order } }),
    async (req, res) => {
      const placed = { at: new Date().toISOString(), what: 'placed' };
      const order: Order = {
        id: randomUUID(),
        owner: req.user,
        status: 'open',
        version: 1,
        ...req.body,
        history: [placed],
      };
      await req.ns.store.create(order);
      res.header('location', `/orders/${order.id}`).json(order);
    },
  );

  api.get(
    '/orders',
    contract({
      summary: 'List your orders',
      query: object({ limit: optional(wholeText(1, 100)), cursor: optional(text()) }),
      response: Listing,
    }),
    async (req) => {
      const { limit = 20, cursor } = req.query;
      try {
        return await req.ns.store.page(req.user, limit, cursor);
      } catch (error) {
        if (error instanceof RangeError) throw new ApiError(error.message, 400);
        throw error;
      }
    },
  );

  api.get('/orders/summary', contract({ summary: 'Count your orders', response: Summary }), async (req) => {
    const counts: Record<Status, number> = { open: 0, paid: 0, shipped: 0, cancelled: 0 };
    let total = 0;
    for await (const order of allOrders(req.ns.store, req.user)) {
      counts[order.status]++;
      if (order.status !== 'cancelled') total += totalOf(order);
    }
    return { ...counts, total };
  });

  api.get('/orders/:id', contract({ summary: 'Read an order', response: Order }), (req) =>
    ownOrder(req, req.params.id),
  );

  api.put(
    '/orders/:id',
    contract({ summary: 'Change an order that was read', body: Change, response: Order }),
    async (req) => {
      const { version, items, note } = req.body;
      const order = needOpen(await ownOrder(req, req.params.id));
      return change(req, { ...order, version }, 'changed', { items, ...(note !== undefined && { note }) });
    },
  );

  api.patch(
    '/orders/:id',
    contract({ summary: 'Change the note', body: object({ note: text() }), response: Order }),
    async (req) => change(req, await ownOrder(req, req.params.id), 'noted', { note: req.body.note }),
  );

  api.delete('/orders/:id', contract({ summary: 'Delete an order' }), async (req, res) => {
    await req.ns.store.delete((await ownOrder(req, req.params.id)).id);
    res.sendStatus(204);
  });

  api.get('/orders/:id/history', contract({ summary: 'What happened to an order' }), async (req) => {
    const { history } = await ownOrder(req, req.params.id);
    return { history };
  });
}
