import type * as sdk from '@aws-sdk/client-dynamodb';
import type { Index, Table } from './table.ts';
import type { WriteCost } from './writeItem.ts';

/** What an answer says of the units that a call used: nothing unless it was asked for. */
export type Consumed = sdk.ConsumedCapacity | undefined;

type Mode = sdk.ReturnConsumedCapacity | undefined;

const UNIT_BYTES = 4096;

/** Read units for so many bytes: one per 4 KB, at least one; half of it when a read need not be consistent. */
export const readUnits = (bytes: number, consistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / UNIT_BYTES)) * (consistent ? 1 : 0.5);

/** Whether a call asks for what it used. */
export const wantsCapacity = (mode: Mode): boolean => mode !== undefined && mode !== 'NONE';

/** What a read of a table used, or of one of its indexes and, for attributes that the index does not have, of the table. */
export function consumedByRead(
  table: Table,
  index: Index | undefined,
  mode: Mode,
  units: number,
  ofTable = 0,
): Consumed {
  if (index === undefined) return consumed(table, mode, { table: units, indexes: new Map() }, 1);
  return consumed(table, mode, { table: ofTable, indexes: new Map([[index, units]]) }, 1);
}

/** What writes to a table used. */
export const consumedByWrite = (table: Table, mode: Mode, cost: WriteCost | undefined, factor = 1): Consumed =>
  cost === undefined ? undefined : consumed(table, mode, cost, factor);

function consumed(table: Table, mode: Mode, cost: WriteCost, factor: number): Consumed {
  if (!wantsCapacity(mode)) return undefined;
  let total = cost.table;
  for (const units of cost.indexes.values()) total += units;
  const answer: sdk.ConsumedCapacity = { TableName: table.name, CapacityUnits: total * factor };
  if (mode !== 'INDEXES') return answer;
  answer.Table = { CapacityUnits: cost.table * factor };
  for (const [{ kind, name }, units] of cost.indexes) {
    const member = kind === 'local' ? 'LocalSecondaryIndexes' : 'GlobalSecondaryIndexes';
    answer[member] = { ...answer[member], [name]: { CapacityUnits: units * factor } };
  }
  return answer;
}

/** Adds the cost of one write to that of others to the same table. */
export function addCost(sum: WriteCost, more: WriteCost | undefined): void {
  if (more === undefined) return;
  sum.table += more.table;
  for (const [index, units] of more.indexes) sum.indexes.set(index, (sum.indexes.get(index) ?? 0) + units);
}
