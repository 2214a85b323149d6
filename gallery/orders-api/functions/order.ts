import { list, type Of, object, oneOf, optional, text, whole } from './schema.ts';

export const Status = oneOf('open', 'paid', 'shipped', 'cancelled');
export type Status = Of<typeof Status>;

/** One line of an order. The price is in cents. */
export const Item = object({ sku: text(40), quantity: whole(1, 1000), price: whole(0, 10_000_000) });
export type Item = Of<typeof Item>;

export const Items = list(Item, 1);
export const Note = optional(text());

/** What a client says of an order. */
export const Draft = object({ items: Items, note: Note });
export type Draft = Of<typeof Draft>;

const Event = object({ at: text(40), what: text() });

export const Order = object({
  id: text(),
  owner: text(),
  status: Status,
  /** Rises with each change: a change that has seen an old one is refused. */
  version: whole(1, Number.MAX_SAFE_INTEGER),
  items: Items,
  note: Note,
  history: list(Event),
});
export type Order = Of<typeof Order>;

/** What all lines cost together, in cents. */
export const totalOf = ({ items }: Pick<Order, 'items'>): number =>
  items.reduce((sum, { quantity, price }) => sum + quantity * price, 0);

/** Cents as people read them. */
export const money = (cents: number): string => (cents / 100).toFixed(2);
