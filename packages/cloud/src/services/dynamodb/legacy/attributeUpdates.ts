import {
  type AttributeType,
  type AttributeValue,
  attributeOf,
  type Item,
  setAttribute,
  typeOf,
} from '../attributeValue.ts';
import { type DynamoDbError, invalidParameter, validationException } from '../errors.ts';
import { addNumbers } from '../number.ts';
import { addMembers, removeMembers } from '../sets.ts';
import { checkValue } from '../validateValue.ts';

/** What AttributeUpdates does to one attribute. */
export interface AttributeUpdate {
  readonly Action?: 'ADD' | 'PUT' | 'DELETE' | undefined;
  readonly Value?: AttributeValue | undefined;
}

const ADDABLE: readonly AttributeType[] = ['N', 'SS', 'NS', 'BS', 'L'];
const DELETABLE: readonly AttributeType[] = ['SS', 'NS', 'BS'];

const typeMismatch = (): DynamoDbError => validationException('Type mismatch for attribute to update');

/**
 * Checks AttributeUpdates as they came over the wire.
 *
 * @throws ValidationException with AWS's text
 */
export function checkAttributeUpdates(updates: Readonly<Record<string, AttributeUpdate>>): void {
  for (const { Action = 'PUT', Value } of Object.values(updates)) {
    if (Value !== undefined) checkValue(Value);
    if (Value === undefined) {
      if (Action !== 'DELETE')
        throw invalidParameter('Only DELETE action is allowed when no attribute value is specified');
      continue;
    }
    const type = typeOf(Value);
    if (Action === 'DELETE' && !DELETABLE.includes(type)) {
      throw invalidParameter(`DELETE action with value is not supported for the type ${type}`);
    }
    if (Action === 'ADD' && !ADDABLE.includes(type))
      throw invalidParameter(`ADD action is not supported for the type ${type}`);
  }
}

/**
 * Changes an item in place as checked AttributeUpdates say.
 *
 * @throws ValidationException when an attribute is not of the type that is added or deleted: the item may be half changed then
 */
export function applyAttributeUpdates(item: Item, updates: Readonly<Record<string, AttributeUpdate>>): void {
  for (const [name, { Action = 'PUT', Value }] of Object.entries(updates)) {
    const current = attributeOf(item, name);
    const value = Value === undefined ? undefined : changed(Action, current, Value);
    if (value === undefined) Reflect.deleteProperty(item, name);
    else setAttribute(item, name, value);
  }
}

function changed(
  action: 'ADD' | 'PUT' | 'DELETE',
  current: AttributeValue | undefined,
  value: AttributeValue,
): AttributeValue | undefined {
  if (action === 'PUT') return value;
  if (current === undefined) return action === 'ADD' ? value : undefined;
  if (action === 'DELETE') {
    const rest = typeOf(current) === typeOf(value) ? removeMembers(current, value) : undefined;
    if (rest === undefined) throw typeMismatch();
    return rest === 'empty' ? undefined : rest;
  }
  if (current.N !== undefined && value.N !== undefined) return { N: addNumbers(current.N, value.N) };
  if (current.L !== undefined && value.L !== undefined) return { L: [...current.L, ...value.L] };
  const union = addMembers(current, value);
  if (union === undefined) throw typeMismatch();
  return union;
}
