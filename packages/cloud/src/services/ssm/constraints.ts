import { type Violation, violationCheck } from '../../kernel/violations.ts';
import { validation } from './errors.ts';

/** Throws AWS's error for members that do not fit their model, all of them in one message. @throws ValidationException */
export const check: (...violations: readonly (Violation | false | undefined)[]) => void = violationCheck(validation);

export const required = (at: string, value: unknown): Violation | undefined =>
  value === undefined ? { at, value, must: 'not be null' } : undefined;

/** A text of at least one character, and at most `most`. */
export function text(at: string, value: string | undefined, most: number): Violation | undefined {
  if (value === undefined) return { at, value, must: 'not be null' };
  if (value === '') return { at, value, must: 'have length greater than or equal to 1' };
  return value.length > most ? { at, value, must: `have length less than or equal to ${most}` } : undefined;
}

/** One of a set of words, when it is given. */
export const oneOf = (at: string, value: string | undefined, words: readonly string[]): Violation | undefined =>
  value === undefined || words.includes(value)
    ? undefined
    : { at, value, must: `satisfy enum value set: [${words.join(', ')}]` };

/** 1 to `most` results. */
export function maxResults(value: number | undefined, most: number): Violation | undefined {
  const at = 'maxResults';
  if (value === undefined) return undefined;
  if (value < 1) return { at, value, must: 'have value greater than or equal to 1' };
  return value > most ? { at, value, must: `have value less than or equal to ${most}` } : undefined;
}

/** A list of 1 to `most` members. */
export function list(at: string, value: readonly string[] | undefined, most: number): Violation | undefined {
  if (value === undefined) return { at, value, must: 'not be null' };
  const shown = `[${value.join(', ')}]`;
  if (value.length === 0) return { at, value: shown, must: 'have length greater than or equal to 1' };
  return value.length > most ? { at, value: shown, must: `have length less than or equal to ${most}` } : undefined;
}
