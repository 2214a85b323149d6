import type { Item } from './attributeValue.ts';
import { conditionalCheckFailed } from './errors.ts';
import { keyOfIndex, type RowKey } from './keys.ts';
import { spliced } from './operation.ts';
import { Stored } from './stored.ts';
import type { Index, Table } from './table.ts';
import { checkItem } from './validateValue.ts';

/** One write of one item, checked against its table: what it asks, and what it makes of the item. */
export interface Plan {
  readonly table: Table;
  readonly key: RowKey;
  /** Whether the item as it stands (no attributes, when there is none) may be written. */
  readonly condition: ((item: Item) => boolean) | undefined;
  /** Whether a failed condition's error carries the item. */
  readonly showOnFailure: boolean;
  /** Whether `change` looks at the item as it stands. */
  readonly needsBefore: boolean;
  /** The item that is stored afterwards; undefined: none. */
  change(before: Stored | undefined): Stored | undefined;
}

/** A write that was carried out. */
export interface Written {
  readonly before: Stored | undefined;
  readonly after: Stored | undefined;
  /** What it cost, if that was asked for. */
  readonly cost: WriteCost | undefined;
}

/** Write units by where they were used. */
export interface WriteCost {
  table: number;
  readonly indexes: Map<Index, number>;
}

export interface WriteOptions {
  /** Whether the item as it stood is wanted. */
  readonly wantsBefore: boolean;
  readonly wantsCost: boolean;
}

/**
 * Carries out one write.
 *
 * @throws ConditionalCheckFailedException
 */
export function writeItem(plan: Plan, { wantsBefore, wantsCost }: WriteOptions): Written {
  const { table, key, condition } = plan;
  const looks = wantsBefore || wantsCost || condition !== undefined || plan.needsBefore || table.indexes.length > 0;
  const before = looks ? Stored.of(table.rows.get(key)) : undefined;
  requireCondition(plan, before);
  const after = plan.change(before);
  const cost = wantsCost ? { table: 0, indexes: new Map<Index, number>() } : undefined;
  store(plan, before, after, cost);
  return { before, after, cost };
}

/** @throws ConditionalCheckFailedException */
export function requireCondition({ condition, showOnFailure }: Plan, before: Stored | undefined): void {
  if (condition === undefined || condition(before?.item ?? {})) return;
  throw conditionalCheckFailed(showOnFailure && before !== undefined ? spliced(before.text) : undefined);
}

/** Puts an item in the place of another, in its table and all indexes. */
export function store(
  { table, key }: Plan,
  before: Stored | undefined,
  after: Stored | undefined,
  cost: WriteCost | undefined,
): void {
  if (after !== undefined) table.rows.put(key, after.size, after.text);
  else table.rows.delete(key);
  for (let slot = 0; slot < table.indexes.length; slot++) storeIndexed(table, slot, key, before, after, cost);
  if (cost !== undefined) cost.table = writeUnits(Math.max(before?.size ?? 0, after?.size ?? 0));
}

/** An index's copy of an item. */
interface Entry {
  readonly key: RowKey;
  readonly size: number;
  readonly text: string;
}

function storeIndexed(
  table: Table,
  slot: number,
  key: RowKey,
  before: Stored | undefined,
  after: Stored | undefined,
  cost: WriteCost | undefined,
): void {
  const [index, rows] = [table.indexes[slot], table.rows.indexes[slot]];
  if (index === undefined || rows === undefined) return;
  const was = before && entryOf(index, before);
  const is = after && entryOf(index, after);
  const moved = was !== undefined && (is === undefined || !sameKey(was.key, is.key));
  if (moved) rows.deleteIndexed(was.key, key);
  const changed = is !== undefined && (moved || was?.text !== is.text);
  if (changed) rows.putIndexed(is.key, key, is.size, is.text);
  if (cost === undefined || !(moved || changed)) return;
  const units =
    moved || was === undefined || is === undefined
      ? unitsOf(was) + unitsOf(is)
      : writeUnits(Math.max(was.size, is.size));
  cost.indexes.set(index, units);
}

function entryOf(index: Index, stored: Stored): Entry | undefined {
  const key = keyOfIndex(index, stored.item);
  if (key === undefined) return undefined;
  if (index.projected === undefined) return { key, size: stored.size, text: stored.text };
  const item = index.project(stored.item);
  return { key, size: checkItem(item), text: JSON.stringify(item) };
}

/** Puts all items of a table into one of its indexes, which is new. */
export function fillIndex(table: Table, slot: number, key: RowKey, stored: Stored): void {
  storeIndexed(table, slot, key, undefined, stored, undefined);
}

const sameKey = (a: RowKey, b: RowKey): boolean =>
  a.hash === b.hash && Buffer.compare(a.partition, b.partition) === 0 && Buffer.compare(a.sort, b.sort) === 0;

const unitsOf = (entry: Entry | undefined): number => (entry === undefined ? 0 : writeUnits(entry.size));

/** Write units of an item of so many bytes: one per KB, at least one. */
export const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / 1024));
