import { Cursor } from './cursor.ts';
import { readSelector } from './jsonPattern.ts';
import { fieldsOf } from './spacePattern.ts';

/** Takes a field out of a message. */
export type Extraction = (message: string) => unknown;

/**
 * Reads what is to be taken out of the messages that a filter pattern finds: `$.latency` of JSON, `$bytes` of columns that the pattern names.
 *
 * @throws InvalidParameterException when it is no field of such a pattern
 */
export function readExtraction(field: string, pattern: string): Extraction {
  const text = pattern.trim();
  if (text.startsWith('[')) return columnOf(field, text);
  const cursor = new Cursor(field);
  const select = readSelector(cursor);
  if (!cursor.atEnd) cursor.fail();
  return (message) => {
    try {
      return select(JSON.parse(message))[0];
    } catch {
      return undefined;
    }
  };
}

function columnOf(field: string, pattern: string): Extraction {
  const names = pattern
    .slice(1)
    .replace(/"[^"]*"/g, '')
    .split(',')
    .map((column) => /\.\.\.|[\w-]+/.exec(column)?.[0]);
  const place = names.indexOf(field.slice(1));
  if (place < 0) new Cursor(field).fail();
  const open = names.indexOf('...');
  return (message) => {
    const fields = fieldsOf(message);
    return fields[open >= 0 && place > open ? fields.length - names.length + place : place];
  };
}
