import { createHash } from 'node:crypto';
import { MissingKeyError } from './errors.ts';

type Field<Input> = keyof Input & string;

/** A field of the input, or a path that begins with one: `id`, `detail.id`, `items[0].id`, `$.detail['order id']`. */
export type KeyPath<Input> = unknown extends Input
  ? string
  : Field<Input> | `${Field<Input>}${'.' | '['}${string}` | `$${string}`;

/** What makes two inputs the same: a path into them, or a function that returns it. */
export type Key<Input> = KeyPath<Input> | ((input: Input) => string | number | bigint);

/** DynamoDB's keys hold 2,048 bytes: a longer one is hashed, and so is one with room for the scope. */
const LONGEST = 1024;

/** Reads keys. @throws {TypeError} when the key is a path and none that can be read */
export function keyReader<Input>(key: Key<Input>): (input: Input) => string {
  if (typeof key === 'function') return (input) => checked(key(input), 'the function key returns');
  const path = parsePath(key);
  return (input) =>
    checked(
      path.reduce<unknown>(
        (value, name) => (value === undefined || value === null ? undefined : Object(value)[name]),
        input,
      ),
      `the input has at '${key}'`,
    );
}

function checked(value: unknown, where: string): string {
  const type = typeof value;
  if (value === '' || (type !== 'string' && type !== 'bigint' && !Number.isFinite(value))) {
    throw new MissingKeyError(
      `${where} ${value === '' ? 'an empty string' : type === 'object' ? 'an object' : String(value)}, but a key is a string or a number`,
    );
  }
  const text = String(value);
  return Buffer.byteLength(text) > LONGEST ? createHash('sha256').update(text).digest('hex') : text;
}

/** `$`, `.name`, `[0]`, `['name']`; the first name needs no dot. */
function parsePath(path: string): string[] {
  const names: string[] = [];
  const step = /\.?([^.[\]'"$]+)|\[(\d+)\]|\['([^']+)'\]|\["([^"]+)"\]/y;
  step.lastIndex = path.startsWith('$') ? 1 : 0;
  while (step.lastIndex < path.length) {
    const [, name, index, quoted, doubled] = step.exec(path) ?? [];
    const found = name ?? index ?? quoted ?? doubled;
    if (found === undefined) throw notAPath(path);
    names.push(found);
  }
  if (names.length === 0) throw notAPath(path);
  return names;
}

const notAPath = (path: string): TypeError =>
  new TypeError(`key is '${path}', which is no path: give one as 'detail.id' or '$.items[0].id', or a function`);
