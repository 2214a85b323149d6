import { type Violation, violationCheck } from '../../kernel/violations.ts';
import { validationError } from './errors.ts';

/** Throws AWS's error for members that do not fit their model, all of them in one message. @throws ValidationError */
export const check: (...violations: readonly (Violation | false | undefined)[]) => void =
  violationCheck(validationError);

/** A name: 1 to `most` letters, numbers and some signs. @throws ValidationError */
export function name(at: string, value: string | undefined, most: number): Violation | undefined {
  if (value === undefined) return { at, must: 'not be null' };
  if (value === '') return { at, must: 'have length greater than or equal to 1' };
  if (value.length > most) return { at, must: `have length less than or equal to ${most}` };
  if (/^[\w+=,.@-]+$/.test(value)) return undefined;
  throw validationError(
    `The specified value for ${at} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
  );
}

/** The most characters of names. */
export const NAME_LENGTHS = { role: 64, user: 64, group: 128, 'instance-profile': 128, policy: 128 } as const;

/** A path: `/`, or more between slashes. @throws ValidationError */
export function path(value: string | undefined): Violation | undefined {
  if (value === undefined) return undefined;
  if (value.length > 512) return { at: 'path', must: 'have length less than or equal to 512' };
  if (/^\/(?:[\u0021-\u007F]+\/)?$/.test(value)) return undefined;
  throw validationError(
    'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
  );
}

/** 1 to 1000 results. */
export function maxItems(value: number | undefined): Violation | undefined {
  if (value === undefined) return undefined;
  if (value < 1) return { at: 'maxItems', must: 'have value greater than or equal to 1' };
  return value > 1000 ? { at: 'maxItems', must: 'have value less than or equal to 1000' } : undefined;
}

/** One of a set of words, when it is given. */
export const oneOf = (at: string, value: string | undefined, words: readonly string[]): Violation | undefined =>
  value === undefined || words.includes(value)
    ? undefined
    : { at, must: `satisfy enum value set: [${words.join(', ')}]` };

/** The ARN of a managed policy. @throws ValidationError */
export function policyArn(value: string | undefined): string {
  if (value === undefined) check({ at: 'policyArn', must: 'not be null' });
  if (value === undefined || value.length < 20)
    check({ at: 'policyArn', must: 'have length greater than or equal to 20' });
  if (value === undefined || !/^arn:[^:]+:iam::(\d{12}|aws):policy\/.+$/.test(value)) {
    throw validationError('Invalid ARN:  Could not be parsed!');
  }
  return value;
}
