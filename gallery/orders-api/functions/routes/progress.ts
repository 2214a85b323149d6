import { ApiError, contract } from '@skein/lambda/api';
import { Order, type Status } from '../order.ts';
import { change, type OrdersApi, ownOrder } from '../ordersApi.ts';

/** What each step makes of which orders. */
const STEPS = {
  pay: { from: ['open'], to: 'paid' },
  ship: { from: ['paid'], to: 'shipped' },
  cancel: { from: ['open', 'paid'], to: 'cancelled' },
} satisfies Record<string, { from: Status[]; to: Status }>;

/** The steps of an order's life: each is taken once, and only from where it can be. */
export function progressRoutes(api: OrdersApi): void {
  const step = (name: keyof typeof STEPS): void => {
    const { from, to }: { from: readonly Status[]; to: Status } = STEPS[name];
    api.post(`/orders/:id/${name}`, contract({ summary: `Order is ${to}`, response: Order }), async (req) => {
      const order = await ownOrder(req, req.params.id);
      if (from.includes(order.status)) return change(req, order, to, { status: to });
      throw new ApiError(`order ${order.id} is ${order.status}: it cannot be ${to}`, 409);
    });
  };
  step('pay');
  step('ship');
  step('cancel');
}
