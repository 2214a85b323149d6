import { type FieldTest, readComparison } from './comparison.ts';
import { type Condition, readAlternatives } from './condition.ts';
import { Cursor } from './cursor.ts';
import type { Matcher } from './filterPattern.ts';

/** A step of a selector: a member's name, an index, or every element. */
type Step = string | number | { readonly every: true };

/** `{ $.latency > 100 && ($.level = "ERROR" || $.user NOT EXISTS) }`: of messages that are JSON. */
export function jsonPattern(text: string): Matcher {
  const cursor = new Cursor(text);
  cursor.expect('{');
  const holds = readAlternatives(cursor, readCondition);
  cursor.expect('}');
  if (!cursor.atEnd) cursor.fail();
  return (message) => {
    // A message that does not begin like an object or a list is not worth a parse.
    if (!/^\s*[{[]/.test(message)) return false;
    try {
      return holds(JSON.parse(message));
    } catch {
      return false;
    }
  };
}

function readCondition(cursor: Cursor): Condition<unknown> {
  const select = readSelector(cursor);
  cursor.skipSpace();
  if (cursor.match(/NOT\s+EXISTS\b/iy) !== null) return (value) => select(value).every((field) => field === undefined);
  const is = cursor.match(/IS\s+(NULL|TRUE|FALSE)\b/iy)?.[1]?.toUpperCase();
  const test: FieldTest =
    is === undefined ? readComparison(cursor) : (field) => field === { NULL: null, TRUE: true, FALSE: false }[is];
  return (value) => select(value).some(test);
}

/** Reads `$.latency` or `$.items[0].price`: what finds a field's values. @throws InvalidParameterException */
export function readSelector(cursor: Cursor): (value: unknown) => readonly unknown[] {
  cursor.expect('$');
  const steps: Step[] = [];
  for (;;) {
    const quoted = cursor.match(/\.?\[\s*(?:'([^']*)'|"([^"]*)")\s*\]/y);
    const index = quoted ?? cursor.match(/\[\s*(\d+|\*)\s*\]/y);
    if (quoted !== null) steps.push(quoted[1] ?? quoted[2] ?? '');
    else if (index !== null) steps.push(index[1] === '*' ? { every: true } : Number(index[1]));
    else {
      const name = cursor.match(/\.([^\s.[\]=!<>&|(){}"]+)/y);
      if (name === null) break;
      steps.push(name[1] ?? '');
    }
  }
  return (value) =>
    steps.reduce<readonly unknown[]>(
      (values, step) =>
        typeof step === 'object'
          ? values.flatMap((each) => (Array.isArray(each) ? each : []))
          : values.map((each) => memberOf(each, step)),
      [value],
    );
}

function memberOf(value: unknown, step: string | number): unknown {
  if (typeof step === 'number') return Array.isArray(value) ? value[step] : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[step]; // it has the member, as was just asked
}
