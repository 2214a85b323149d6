import type { Order } from './order.ts';
import type { Store } from './store.ts';

/** Keeps orders as long as the process lives: for the API as a plain server, and for tests. */
export function memoryStore(): Store {
  const orders = new Map<string, Order>();
  return {
    async create(order) {
      orders.set(order.id, order);
    },
    async find(id) {
      return orders.get(id);
    },
    async replace(order) {
      if (orders.get(order.id)?.version !== order.version - 1) return false;
      orders.set(order.id, order);
      return true;
    },
    async delete(id) {
      orders.delete(id);
    },
    async page(owner, limit, cursor = '') {
      const own = [...orders.values()].filter((order) => order.owner === owner && order.id > cursor);
      own.sort((a, b) => (a.id < b.id ? -1 : 1));
      const page = own.slice(0, limit);
      const last = page.at(-1);
      return { orders: page, ...(own.length > limit && last !== undefined && { cursor: last.id }) };
    },
  };
}
