import type { AttributeValue, KeyType } from './attributeValue.ts';
import { numberKey } from './number.ts';

/** What stands in the sort key's column of a table without one. */
export const NO_KEY: Uint8Array = new Uint8Array(0);

/** A key attribute's value as bytes that sort as DynamoDB sorts. The layout is part of the stored state. */
export function keyBytes(type: KeyType, value: AttributeValue): Uint8Array {
  if (type === 'S') return Buffer.from(value.S ?? '');
  return type === 'N' ? numberKey(value.N ?? '') : Buffer.from(value.B ?? '', 'base64');
}

/**
 * A partition key's place in the order of a scan: 32 bits, spread evenly, the same for ever (it is stored). A segment of a parallel scan
 * is a range of it.
 */
export function partitionHash(key: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ (key[index] ?? 0), 0x01000193);
  // FNV-1a leaves the high bits of short keys alike: mix them (the finalizer of MurmurHash3).
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The first key that begins with nothing that `prefix` begins: everything below it and from `prefix` on begins with `prefix`. Undefined: no end. */
export function prefixEnd(prefix: Uint8Array): Uint8Array | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return undefined;
  const end = Uint8Array.from(prefix.subarray(0, length)); // a copy: the slice of a Buffer is a view
  end[length - 1] = (end[length - 1] ?? 0) + 1;
  return end;
}

/** The smallest key that is greater than `key`. */
export function keyAfter(key: Uint8Array): Uint8Array {
  const after = new Uint8Array(key.length + 1);
  after.set(key);
  return after;
}
