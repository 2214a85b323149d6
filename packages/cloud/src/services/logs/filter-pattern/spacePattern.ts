import { readComparison } from './comparison.ts';
import { type Condition, readAlternatives } from './condition.ts';
import { Cursor } from './cursor.ts';
import type { Matcher } from './filterPattern.ts';

/** `[ip, user, ..., status = 4*, bytes > 1000]`: of messages whose fields are set apart by spaces. */
export function spacePattern(text: string): Matcher {
  const cursor = new Cursor(text);
  cursor.expect('[');
  const before: Condition<unknown>[] = [];
  const after: Condition<unknown>[] = [];
  let open = false;
  do {
    if (cursor.take('...')) {
      if (open) cursor.fail();
      open = true;
    } else (open ? after : before).push(readColumn(cursor));
  } while (cursor.take(','));
  cursor.expect(']');
  if (!cursor.atEnd) cursor.fail();
  const columns = before.length + after.length;
  return (message) => {
    const fields = fieldsOf(message);
    if (open ? fields.length < columns : fields.length !== columns) return false;
    const offset = fields.length - after.length;
    return (
      before.every((holds, index) => holds(fields[index])) &&
      after.every((holds, index) => holds(fields[offset + index]))
    );
  };
}

const anything: Condition<unknown> = () => true;

/** A name alone, or a condition: `status = 4* || status = 5*`. */
function readColumn(cursor: Cursor): Condition<unknown> {
  cursor.skipSpace();
  if (cursor.match(/[\w-]+\s*(?=[,\]])/y) !== null) return anything;
  return readAlternatives(cursor, (inner) => {
    inner.skipSpace();
    if (inner.match(/[\w-]+/y) === null) inner.fail();
    return readComparison(inner);
  });
}

/** Words; what stands in quotes or brackets is one. */
export function fieldsOf(message: string): string[] {
  return Array.from(
    message.matchAll(/\[([^\]]*)\](?=\s|$)|"((?:\\.|[^"\\])*)"(?=\s|$)|(\S+)/g),
    ([, bracketed, quoted, word]) => bracketed ?? quoted ?? word ?? '',
  );
}
