import type { AwsError } from '../kernel/awsError.ts';
import type { Shape } from './schema.ts';
import { readTimestamp } from './timestamps.ts';

/** The error of a value that is not of its type, as the protocol says it. */
export type Refuse = (message: string) => AwsError;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** A scalar that stands as text (in a form, XML, a header, a path, a query) in the SDK's types. @throws what `refuse` gives, when it is not of its type */
export function readScalar(shape: Shape, text: string, refuse: Refuse): unknown {
  switch (shape.kind) {
    case 'number': {
      const value = NUMBER.test(text) ? Number(text) : SPECIAL_NUMBERS.get(text);
      if (value === undefined) throw refuse(`'${excerpt(text)}' is not a number`);
      return value;
    }
    case 'bigInteger':
      if (!/^-?\d{1,1000}$/.test(text)) throw refuse(`'${excerpt(text)}' is not an integer`);
      return BigInt(text);
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      throw refuse(`'${excerpt(text)}' is not a boolean`);
    case 'timestamp': {
      const date = readTimestamp(text);
      if (date === undefined) throw refuse(`'${excerpt(text)}' is not a timestamp`);
      return date;
    }
    case 'blob':
      if (!BASE64.test(text)) throw refuse('A value is not valid base64');
      return Buffer.from(text, 'base64');
    default:
      return text;
  }
}

const excerpt = (text: string): string => text.slice(0, 100);

const SPECIAL_NUMBERS: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);
