import { invalidParameter } from '../errors.ts';
import { Cursor } from './cursor.ts';
import type { Matcher } from './filterPattern.ts';
import { regexOf } from './regex.ts';

/**
 * `ERROR "main thread"`: all of them. `?ERROR ?WARN`: any of them. `-EXIT`: none of them. `%regex%`. Optional terms beside others have no
 * effect, as in AWS.
 */
export function termPattern(text: string): Matcher {
  const cursor = new Cursor(text);
  const required: Matcher[] = [];
  const optional: Matcher[] = [];
  const excluded: Matcher[] = [];
  while (!cursor.atEnd) {
    const into = cursor.take('-') ? excluded : cursor.take('?') ? optional : required;
    into.push(readTerm(cursor));
  }
  if (required.length === 0 && excluded.length === 0) return (message) => optional.some((has) => has(message));
  return (message) => required.every((has) => has(message)) && !excluded.some((has) => has(message));
}

function readTerm(cursor: Cursor): Matcher {
  const regex = cursor.match(/%((?:\\.|[^%\\])*)%/y);
  if (regex !== null) {
    const expression = regexOf(regex[1] ?? '');
    return (message) => expression.test(message);
  }
  const quoted = cursor.match(/"((?:\\.|[^"\\])*)"/y);
  if (quoted !== null) {
    const phrase = (quoted[1] ?? '').replaceAll(/\\(.)/g, '$1');
    return (message) => message.includes(phrase);
  }
  const term = cursor.match(/[^\s"]+/y)?.[0];
  if (term === undefined) cursor.fail();
  if (!/^[\p{L}\p{N}_.-]+$/u.test(term)) throw invalidParameter(`Invalid character(s) in term '${term}'`);
  return (message) => message.includes(term);
}
