import type { AttributeValue } from './attributeValue.ts';
import { compareNumbers } from './number.ts';

/** Whether two checked values are the same in type and content. Sets have no order. */
export function equalValues(a: AttributeValue, b: AttributeValue): boolean {
  if (a.S !== undefined) return a.S === b.S;
  if (a.N !== undefined) return a.N === b.N;
  if (a.B !== undefined) return a.B === b.B;
  if (a.BOOL !== undefined) return a.BOOL === b.BOOL;
  if (a.NULL !== undefined) return b.NULL !== undefined;
  if (a.SS !== undefined) return equalSets(a.SS, b.SS);
  if (a.NS !== undefined) return equalSets(a.NS, b.NS);
  if (a.BS !== undefined) return equalSets(a.BS, b.BS);
  if (a.L !== undefined) return equalLists(a.L, b.L);
  return equalMaps(a.M, b.M);
}

function equalSets(a: readonly string[], b: readonly string[] | undefined): boolean {
  if (b === undefined || a.length !== b.length) return false;
  if (a.length < 8) return a.every((member) => b.includes(member));
  const members = new Set(b);
  return a.every((member) => members.has(member));
}

function equalLists(a: readonly AttributeValue[], b: readonly AttributeValue[] | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((value, index) => equalOptional(value, b[index]));
}

function equalMaps(a: AttributeValue['M'], b: AttributeValue['M']): boolean {
  if (a === undefined || b === undefined) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && equalOptional(a[name], b[name]))
  );
}

const equalOptional = (a: AttributeValue | undefined, b: AttributeValue | undefined): boolean =>
  a !== undefined && b !== undefined && equalValues(a, b);

/** Less than, equal to or greater than 0 as `a` is to `b`; undefined when they have no order: types differ, or are not S, N or B. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if (a.S !== undefined) return b.S === undefined ? undefined : compareStrings(a.S, b.S);
  if (a.N !== undefined) return b.N === undefined ? undefined : compareNumbers(a.N, b.N);
  if (a.B !== undefined && b.B !== undefined) {
    return Buffer.compare(Buffer.from(a.B, 'base64'), Buffer.from(b.B, 'base64'));
  }
  return undefined;
}

const SURROGATES = 0xd800;
const AFTER_SURROGATES = 0xe000;

/** The order of the strings' UTF-8 bytes. JavaScript's own order, of UTF-16 units, puts what needs two units before U+E000. */
export function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x === y) continue;
    if (x >= SURROGATES && y >= SURROGATES && x >= AFTER_SURROGATES !== y >= AFTER_SURROGATES) return y - x;
    return x - y;
  }
  return a.length - b.length;
}
