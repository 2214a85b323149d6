import { type AttributeType, type AttributeValue, attributeOf, type Item, typeOf } from './attributeValue.ts';
import { DynamoDbError, invalidParameter, validationException } from './errors.ts';
import type { Path } from './expressions/documentPath.ts';
import type { Expressions } from './expressions/expressions.ts';
import { EMPTY_KEY, keyNames, keyOfIndex, keyOfInput, keyOfItem } from './keys.ts';
import { type AttributeUpdate, applyAttributeUpdates } from './legacy/attributeUpdates.ts';
import { requireScalarKeys } from './parameters.ts';
import { Stored } from './stored.ts';
import type { Table } from './table.ts';
import { checkItem } from './validateValue.ts';
import type { Plan } from './writeItem.ts';

/** The most bytes that an item may have. */
export const MAX_ITEM_BYTES: number = 400 * 1024;

/** What is common to all writes. */
export interface WriteCondition {
  readonly condition: ((item: Item) => boolean) | undefined;
  readonly expressions: Expressions;
  readonly showOnFailure: boolean;
}

/**
 * Puts an item in place of what has its key.
 *
 * @param size - of the item, as it was counted when it was checked
 * @throws ValidationException when the item does not fit the table
 */
export function planPut(
  table: Table,
  item: Item,
  size: number,
  { condition, expressions, showOnFailure }: WriteCondition,
): Plan {
  const key = keyOfItem(table.keys, item);
  for (const index of table.indexesByName) keyOfIndex(index, item);
  if (expressions.condition !== undefined) requireScalarKeys(expressions.condition.paths, keyNames(table.keys), 'Key');
  const after = new Stored(size, JSON.stringify(item), item);
  return { table, key, condition, showOnFailure, needsBefore: false, change: () => after };
}

/** Deletes the item of a key. @throws ValidationException when the key does not fit the table */
export function planDelete(table: Table, key: Item, { condition, expressions, showOnFailure }: WriteCondition): Plan {
  const rowKey = keyOfInput(table.keys, key);
  if (expressions.condition !== undefined) requireScalarKeys(expressions.condition.paths, keyNames(table.keys), 'Key');
  return { table, key: rowKey, condition, showOnFailure, needsBefore: false, change: () => undefined };
}

/** Leaves the item of a key as it is: only its condition counts. @throws ValidationException when the key does not fit the table */
export function planCheck(table: Table, key: Item, condition: WriteCondition): Plan {
  return { ...planDelete(table, key, condition), needsBefore: true, change: (before) => before };
}

/** What an update does to an item, in either form. */
export interface Change {
  /** The paths that it writes. */
  readonly targets: readonly Path[];
  /** Every path that it has. */
  readonly paths: readonly Path[];
  typeGiven(name: string): AttributeType | undefined;
  apply(item: Item): void;
}

/** The change of an input: of its expression, its AttributeUpdates, or none. */
export function changeOf(
  { update, values }: Expressions,
  updates: Readonly<Record<string, AttributeUpdate>> | undefined,
): Change {
  if (update !== undefined) {
    return {
      targets: update.targets,
      paths: update.paths,
      typeGiven: (name) => update.typeGiven(name, values),
      apply: (item) => update.apply(item, values),
    };
  }
  const targets = Object.keys(updates ?? {}).map((name): Path => [name]);
  return {
    targets,
    paths: targets,
    typeGiven: (name) => {
      const update = updates === undefined || !Object.hasOwn(updates, name) ? undefined : updates[name];
      return update?.Value === undefined || update.Action === 'DELETE' ? undefined : typeOf(update.Value);
    },
    apply: (item) => {
      if (updates !== undefined) applyAttributeUpdates(item, updates);
    },
  };
}

/**
 * Changes the item of a key, or makes one with the key.
 *
 * @throws ValidationException when key or change do not fit the table
 */
export function planUpdate(
  table: Table,
  key: Item,
  change: Change,
  { condition, expressions, showOnFailure }: WriteCondition,
): Plan {
  const rowKey = keyOfInput(table.keys, key);
  const names = keyNames(table.keys);
  for (const [name] of change.targets) {
    if (names.includes(name)) {
      throw invalidParameter(`Cannot update attribute ${name}. This attribute is part of the key`);
    }
  }
  if (expressions.condition !== undefined) requireScalarKeys(expressions.condition.paths, names, 'Key');
  for (const index of table.indexesByName) checkIndexKeys(index, change);
  return {
    table,
    key: rowKey,
    condition,
    showOnFailure,
    needsBefore: true,
    change: (before) => {
      const item = before?.fresh() ?? { ...key };
      change.apply(item);
      requireIndexable(table, item);
      const size = checkItem(item);
      if (size > MAX_ITEM_BYTES) throw validationException('Item size to update has exceeded the maximum allowed size');
      return new Stored(size, JSON.stringify(item), item);
    },
  };
}

function checkIndexKeys({ name: index, keys }: Table['indexes'][number], change: Change): void {
  for (const attribute of [keys.partition, keys.sort]) {
    if (attribute === undefined) continue;
    const { name, type } = attribute;
    const given = change.typeGiven(name);
    if (given !== undefined && given !== type) {
      throw invalidParameter(
        `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${given} IndexName: ${index}`,
      );
    }
    requireScalarKeys(change.paths, [name], 'IndexKey');
  }
}

/** What an update made of an index's key attributes out of the item's own values has no message of its own type. */
function requireIndexable(table: Table, item: Item): void {
  for (const { keys } of table.indexes) {
    for (const attribute of [keys.partition, keys.sort]) {
      const value: AttributeValue | undefined = attribute && attributeOf(item, attribute.name);
      if (value?.S === '' || value?.B === '') {
        throw validationException(
          `${EMPTY_KEY} The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty ${value.S === '' ? 'string' : 'binary'} value.`,
        );
      }
      if (attribute !== undefined && value !== undefined && value[attribute.type] === undefined) {
        throw validationException(
          'The update expression attempted to update the secondary index key to unsupported type',
        );
      }
    }
  }
  for (const index of table.indexes) keyOfIndex(index, item);
}

/** Whether an error of one item of a transaction cancels it. Empty keys are refused before. */
export const isItemError = (error: unknown): error is DynamoDbError =>
  error instanceof DynamoDbError && error.name === 'ValidationException' && !error.message.startsWith(EMPTY_KEY);
