import { type Violation, violationCheck } from '../../kernel/violations.ts';
import { validationError } from './errors.ts';

/** Throws AWS's error for members that do not fit their model, all of them in one message. @throws ValidationError */
export const check: (...violations: readonly (Violation | false | undefined)[]) => void =
  violationCheck(validationError);

/** The name of a session: 2 to 64 letters, numbers and some signs. */
export function sessionName(value: string | undefined): Violation | undefined {
  const at = 'roleSessionName';
  if (value === undefined) return { at, value, must: 'not be null' };
  if (value.length < 2) return { at, value, must: 'have length greater than or equal to 2' };
  if (value.length > 64) return { at, value, must: 'have length less than or equal to 64' };
  return /^[\w+=,.@-]*$/.test(value)
    ? undefined
    : { at, value, must: 'satisfy regular expression pattern: [\\w+=,.@-]*' };
}

/** A length in seconds, 15 minutes to `most`. */
export function duration(value: number | undefined, most: number): Violation | undefined {
  const at = 'durationSeconds';
  if (value === undefined) return undefined;
  if (value < 900) return { at, value, must: 'have value greater than or equal to 900' };
  return value > most ? { at, value, must: `have value less than or equal to ${most}` } : undefined;
}
