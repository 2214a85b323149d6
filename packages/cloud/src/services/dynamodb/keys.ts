import { type AttributeValue, attributeOf, type Item, type KeyType, typeOf } from './attributeValue.ts';
import { invalidParameter, validationException } from './errors.ts';
import { keyBytes, NO_KEY, partitionHash } from './keyBytes.ts';

/** An attribute of a key schema. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

/** The key schema of a table or index. */
export interface Keys {
  readonly partition: KeyAttribute;
  readonly sort: KeyAttribute | undefined;
}

/** A key as rows have it. */
export interface RowKey {
  readonly hash: number;
  readonly partition: Uint8Array;
  readonly sort: Uint8Array;
}

/** How AWS's texts on empty key attributes begin. */
export const EMPTY_KEY = 'One or more parameter values are not valid.';

const MAX_PARTITION_BYTES = 2048;
const MAX_SORT_BYTES = 1024;

/**
 * The key of an item that is to be put.
 *
 * @throws ValidationException when a key attribute is missing, of another type, empty or too long
 */
export function keyOfItem({ partition, sort }: Keys, item: Item): RowKey {
  const partitionValue = keyValueOf(item, partition);
  const sortValue = sort && keyValueOf(item, sort);
  return rowKey(partition, partitionValue, sort, sortValue);
}

function keyValueOf(item: Item, { name, type }: KeyAttribute): AttributeValue {
  const value = attributeOf(item, name);
  if (value === undefined) throw invalidParameter(`Missing the key ${name} in the item`);
  if (value[type] === undefined) {
    throw invalidParameter(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
  }
  return value;
}

/**
 * The key that an operation names: these attributes and no others.
 *
 * @throws ValidationException when it does not match the schema
 */
export function keyOfInput({ partition, sort }: Keys, key: Item): RowKey {
  const partitionValue = attributeOf(key, partition.name);
  const sortValue = sort && attributeOf(key, sort.name);
  if (
    partitionValue?.[partition.type] === undefined ||
    (sort !== undefined && sortValue?.[sort.type] === undefined) ||
    countOf(key) !== (sort === undefined ? 1 : 2)
  ) {
    throw validationException('The provided key element does not match the schema');
  }
  return rowKey(partition, partitionValue, sort, sortValue);
}

function countOf(key: Item): number {
  let count = 0;
  for (const _ in key) count++;
  return count;
}

function rowKey(
  partition: KeyAttribute,
  partitionValue: AttributeValue,
  sort: KeyAttribute | undefined,
  sortValue: AttributeValue | undefined,
): RowKey {
  const partitionBytes = keyBytes(partition.type, partitionValue);
  if (partitionBytes.length === 0) throw emptyKey(partition);
  const sortBytes = sort === undefined || sortValue === undefined ? NO_KEY : keyBytes(sort.type, sortValue);
  if (sort !== undefined && sortBytes.length === 0) throw emptyKey(sort);
  if (partitionBytes.length > MAX_PARTITION_BYTES) throw partitionTooLong();
  if (sortBytes.length > MAX_SORT_BYTES) throw sortTooLong();
  return { hash: partitionHash(partitionBytes), partition: partitionBytes, sort: sortBytes };
}

const emptyKey = ({ name, type }: KeyAttribute) =>
  validationException(
    `${EMPTY_KEY} The AttributeValue for a key attribute cannot contain an empty ${type === 'B' ? 'binary' : 'string'} value. Key: ${name}`,
  );

// AWS's text has no space there.
const partitionTooLong = () =>
  invalidParameter(`Size of hashkey has exceeded the maximum size limit of${MAX_PARTITION_BYTES} bytes`);

const sortTooLong = () =>
  invalidParameter(`Aggregated size of all range keys has exceeded the size limit of ${MAX_SORT_BYTES} bytes`);

/**
 * The key of an item in an index, or undefined when the item is not in it: it lacks one of the index's key attributes.
 *
 * @throws ValidationException when a key attribute of the index is of another type, empty or too long
 */
export function keyOfIndex(index: { readonly name: string; readonly keys: Keys }, item: Item): RowKey | undefined {
  const { partition, sort } = index.keys;
  const partitionBytes = indexKeyBytes(index.name, partition, item, MAX_PARTITION_BYTES);
  const sortBytes = sort === undefined ? NO_KEY : indexKeyBytes(index.name, sort, item, MAX_SORT_BYTES);
  if (partitionBytes === undefined || sortBytes === undefined) return undefined;
  return { hash: partitionHash(partitionBytes), partition: partitionBytes, sort: sortBytes };
}

function indexKeyBytes(index: string, attribute: KeyAttribute, item: Item, most: number): Uint8Array | undefined {
  const { name, type } = attribute;
  const value = attributeOf(item, name);
  if (value === undefined) return undefined;
  if (value[type] === undefined) {
    throw invalidParameter(
      `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${index}`,
    );
  }
  const bytes = keyBytes(type, value);
  if (bytes.length === 0) {
    throw validationException(
      `${EMPTY_KEY} A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${type === 'B' ? 'binary' : 'string'} value. IndexName: ${index}, IndexKey: ${name}`,
    );
  }
  if (bytes.length > most) throw most === MAX_SORT_BYTES ? sortTooLong() : partitionTooLong();
  return bytes;
}

/** The names of a schema's attributes. */
export const keyNames = ({ partition, sort }: Keys): readonly string[] =>
  sort === undefined ? [partition.name] : [partition.name, sort.name];
