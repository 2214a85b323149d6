import { type Violation, violationCheck } from '../../kernel/violations.ts';
import { invalidParameter } from './errors.ts';

/** Throws AWS's error for members that do not fit their model, all of them in one message. @throws InvalidParameterException */
export const check: (...violations: readonly (Violation | false | undefined)[]) => void =
  violationCheck(invalidParameter);

const required = (at: string, value: unknown): Violation | undefined =>
  value === undefined || value === null ? { at, value, must: 'not be null' } : undefined;

const GROUP_NAME = /^[.\-_/#A-Za-z0-9]+$/;
const MAX_NAME = 512;

/** A log group's name: 1 to 512 of the characters that AWS allows. */
export function groupName(value: string | undefined, at = 'logGroupName'): Violation | undefined {
  if (value === undefined || value === null) return required(at, value);
  if (value === '') return { at, value, must: 'have length greater than or equal to 1' };
  if (value.length > MAX_NAME) {
    throw invalidParameter('Invalid LogGroup or LogStream, both must have length less than or equal to 512.');
  }
  return GROUP_NAME.test(value)
    ? undefined
    : { at, value, must: 'satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+' };
}

/** A log stream's name: 1 to 512 characters, none of them `:` or `*`. */
export function streamName(value: string | undefined, at = 'logStreamName'): Violation | undefined {
  if (value === undefined || value === null) return required(at, value);
  if (value === '') return { at, value, must: 'have length greater than or equal to 1' };
  if (value.length > MAX_NAME) {
    throw invalidParameter('Invalid LogGroup or LogStream, both must have length less than or equal to 512.');
  }
  return /[:*]/.test(value) ? { at, value, must: 'satisfy regular expression pattern: [^:*]*' } : undefined;
}

/** A number of results: 1 to `most`. */
export function limit(value: number | undefined, most: number): Violation | undefined {
  if (value === undefined || value === null) return undefined;
  if (value < 1) return { at: 'limit', value, must: 'have value greater than or equal to 1' };
  return value > most ? { at: 'limit', value, must: `have value less than or equal to ${most}` } : undefined;
}
