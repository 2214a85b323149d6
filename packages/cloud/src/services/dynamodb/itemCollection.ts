import type { AttributeValue, Item } from './attributeValue.ts';
import { attributeOf } from './attributeValue.ts';
import type { Table } from './table.ts';

/** What an answer says of the collection that an item belongs to. */
export interface ItemCollection {
  ItemCollectionKey: Record<string, AttributeValue>;
  SizeEstimateRangeGB: number[];
}

/** The item's collection, when it was asked for and the table has local indexes: others have no collections. */
export function itemCollectionMetrics(table: Table, item: Item, mode: string | undefined): ItemCollection | undefined {
  if (mode !== 'SIZE' || !table.indexes.some(({ kind }) => kind === 'local')) return undefined;
  const { name } = table.keys.partition;
  const value = attributeOf(item, name);
  // AWS estimates in whole gigabytes; no collection on one machine has more than one.
  return value === undefined ? undefined : { ItemCollectionKey: { [name]: value }, SizeEstimateRangeGB: [0, 1] };
}
