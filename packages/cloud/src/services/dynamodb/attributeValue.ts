/**
 * An attribute's value as it stands on the wire: exactly one member is set. `N` is text, `B` is base64. Values are never turned into
 * anything else: what is stored is what was sent (numbers in plain notation).
 */
export interface AttributeValue {
  S?: string;
  N?: string;
  B?: string;
  BOOL?: boolean;
  NULL?: boolean;
  SS?: string[];
  NS?: string[];
  BS?: string[];
  L?: AttributeValue[];
  M?: Item;
}

/** Attributes by name. Names are a client's: look them up with {@link attributeOf}. */
export type Item = Record<string, AttributeValue>;

/** A data type of DynamoDB. */
export type AttributeType = keyof AttributeValue;

/** A type that a key attribute may have. */
export type KeyType = 'S' | 'N' | 'B';

/** Every data type, in the order in which AWS names them. */
export const ATTRIBUTE_TYPES: readonly AttributeType[] = ['B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'N', 'NS', 'S', 'M'];

/** The type of a checked value: its only member. */
export function typeOf(value: AttributeValue): AttributeType {
  // A checked value has one member, and no other names than the types'.
  for (const type in value) return type as AttributeType;
  throw new Error('a checked attribute value has a type');
}

/** An attribute by name, if the item has it: never what every object inherits, such as `constructor`. */
export const attributeOf = (item: Item, name: string): AttributeValue | undefined =>
  Object.hasOwn(item, name) ? item[name] : undefined;

/** Sets an attribute, whatever its name is: assigning to `__proto__` would set no member. */
export function setAttribute(item: Item, name: string, value: AttributeValue): void {
  if (name === '__proto__') {
    Object.defineProperty(item, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    item[name] = value;
  }
}

/** A copy that shares no list or map with the original. */
export function copyValue(value: AttributeValue): AttributeValue {
  if (value.L !== undefined) return { L: value.L.map(copyValue) };
  if (value.M === undefined) return value;
  const copy: Item = {};
  for (const name in value.M) setAttribute(copy, name, copyValue(value.M[name] as AttributeValue)); // own names of a checked map
  return { M: copy };
}
