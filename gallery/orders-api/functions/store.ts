import type { Order } from './order.ts';

/** A page of a list; with a cursor when there is more. */
export interface Page {
  readonly orders: Order[];
  readonly cursor?: string;
}

/** Where orders are kept. */
export interface Store {
  create(order: Order): Promise<void>;
  find(id: string): Promise<Order | undefined>;
  /** Puts an order in place of its previous version. @returns false when somebody was faster */
  replace(order: Order): Promise<boolean>;
  delete(id: string): Promise<void>;
  /** @throws {RangeError} for a cursor that is none */
  page(owner: string, limit: number, cursor?: string): Promise<Page>;
}

/** All orders of somebody, page by page. */
export async function* allOrders(store: Store, owner: string): AsyncGenerator<Order> {
  let cursor: string | undefined;
  do {
    const page = await store.page(owner, 100, cursor);
    yield* page.orders;
    cursor = page.cursor;
  } while (cursor !== undefined);
}
