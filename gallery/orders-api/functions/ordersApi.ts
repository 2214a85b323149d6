import { type Api, ApiError } from '@skein/lambda/api';
import type { Order } from './order.ts';
import type { Store } from './store.ts';

/** The API behind the authentication: its handlers know who asks, and where orders are. */
export type OrdersApi = Api<{ readonly store: Store }, { readonly user: string }>;

/** What these functions need of a request. */
interface Asked {
  readonly user: string;
  readonly ns: { readonly store: Store };
}

/** An order of the one who asks. @throws {ApiError} 404, also for orders of others: nobody learns that they exist */
export async function ownOrder({ user, ns }: Asked, id: string): Promise<Order> {
  const order = await ns.store.find(id);
  if (order?.owner === user) return order;
  throw new ApiError(`there is no order ${id}`, 404);
}

/** Puts a changed order in place of what was read. @throws {ApiError} 409 when somebody was faster */
export async function change(
  { ns }: Asked,
  order: Order,
  what: string,
  changes: Partial<Pick<Order, 'items' | 'note' | 'status'>>,
): Promise<Order> {
  const history = [...order.history, { at: new Date().toISOString(), what }];
  const changed = { ...order, ...changes, history, version: order.version + 1 };
  if (await ns.store.replace(changed)) return changed;
  throw new ApiError(`order ${order.id} was changed since version ${order.version}: read it again`, 409);
}

/** @throws {ApiError} 409 for an order whose items stand */
export function needOpen(order: Order): Order {
  if (order.status === 'open') return order;
  throw new ApiError(`order ${order.id} is ${order.status}: only an open one can be changed`, 409);
}
