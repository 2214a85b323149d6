import { ApiError, contract } from '@skein/lambda/api';
import { Item, Items, Order } from '../order.ts';
import { change, needOpen, type OrdersApi, ownOrder } from '../ordersApi.ts';
import { object } from '../schema.ts';

/** The lines of an order, as long as it is open. */
export function itemRoutes(api: OrdersApi): void {
  api.get(
    '/orders/:id/items',
    contract({ summary: 'Lines of an order', response: object({ items: Items }) }),
    async (req) => {
      const { items } = await ownOrder(req, req.params.id);
      return { items };
    },
  );

  api.post(
    '/orders/:id/items',
    contract({ summary: 'Add a line', body: Item, response: { 201: Order } }),
    async (req) => {
      const order = needOpen(await ownOrder(req, req.params.id));
      const { sku } = req.body;
      if (order.items.some((item) => item.sku === sku)) throw new ApiError(`${sku} is in the order already`, 409);
      return change(req, order, `added ${sku}`, { items: [...order.items, req.body] });
    },
  );

  api.put(
    '/orders/:id/items/:sku',
    contract({
      summary: 'Change the quantity of a line',
      body: object({ quantity: Item.fields.quantity }),
      response: Order,
    }),
    async (req) => {
      const { id, sku } = req.params;
      const order = needOpen(await ownOrder(req, id));
      const items = order.items.map((item) => (item.sku === sku ? { ...item, quantity: req.body.quantity } : item));
      needItem(order, sku);
      return change(req, order, `changed ${sku}`, { items });
    },
  );

  api.delete('/orders/:id/items/:sku', contract({ summary: 'Remove a line', response: Order }), async (req) => {
    const { id, sku } = req.params;
    const order = needOpen(await ownOrder(req, id));
    needItem(order, sku);
    if (order.items.length === 1) throw new ApiError('the last line stays: cancel the order instead', 409);
    return change(req, order, `removed ${sku}`, { items: order.items.filter((item) => item.sku !== sku) });
  });
}

function needItem({ id, items }: Order, sku: string): void {
  if (!items.some((item) => item.sku === sku)) throw new ApiError(`order ${id} has no ${sku}`, 404);
}
