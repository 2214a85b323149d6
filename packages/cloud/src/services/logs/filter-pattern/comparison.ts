import type { Cursor } from './cursor.ts';
import { regexOf } from './regex.ts';

/** Whether a field has what a condition asks for. */
export type FieldTest = (field: unknown) => boolean;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Reads `= value`, `!= value`, `> 3` and so on. @throws InvalidParameterException */
export function readComparison(cursor: Cursor): FieldTest {
  cursor.skipSpace();
  const operator = cursor.match(/!=|<=|>=|=|<|>/y)?.[0];
  if (operator === undefined) cursor.fail();
  cursor.skipSpace();
  if (operator === '=' || operator === '!=') {
    const equal = readEqual(cursor);
    return operator === '=' ? equal : (field) => field !== undefined && !equal(field);
  }
  const text = cursor.match(/[^\s,&|()\]}]+/y)?.[0] ?? '';
  if (!NUMBER.test(text)) cursor.fail();
  const value = Number(text);
  const holds = ORDERS[operator as keyof typeof ORDERS]; // the other two have been dealt with
  return (field) => {
    const number =
      typeof field === 'number' ? field : typeof field === 'string' && NUMBER.test(field) ? Number(field) : undefined;
    return number !== undefined && holds(number, value);
  };
}

const ORDERS = {
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
} as const;

function readEqual(cursor: Cursor): FieldTest {
  const regex = cursor.match(/%((?:\\.|[^%\\])*)%/y);
  if (regex !== null) {
    const expression = regexOf(regex[1] ?? '');
    return (field) => isScalar(field) && expression.test(String(field));
  }
  const quoted = cursor.match(/"((?:\\.|[^"\\])*)"/y);
  if (quoted !== null) return textTest((quoted[1] ?? '').replaceAll(/\\(.)/g, '$1'));
  const bare = cursor.match(/[^\s,&|()\]}"]+/y)?.[0];
  if (bare === undefined) cursor.fail();
  if (!NUMBER.test(bare)) return textTest(bare);
  const value = Number(bare);
  return (field) => (typeof field === 'number' ? field === value : field === bare);
}

/** Text, in which `*` stands for any text. */
function textTest(text: string): FieldTest {
  if (!text.includes('*')) return (field) => isScalar(field) && String(field) === text;
  const parts = text.split('*').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`, 's');
  return (field) => isScalar(field) && expression.test(String(field));
}

const isScalar = (field: unknown): boolean =>
  typeof field === 'string' || typeof field === 'number' || typeof field === 'boolean';
