import { ConflictException, ResourceNotFoundException, ValidationException } from '@aws-sdk/client-scheduler';
import { type Violation, violationCheck } from '../../kernel/violations.ts';

const META = { $metadata: {} } as const;

export const notFound = (message: string): ResourceNotFoundException =>
  new ResourceNotFoundException({ ...META, message, Message: message });

export const conflict = (message: string): ConflictException =>
  new ConflictException({ ...META, message, Message: message });

export const validation = (message: string): ValidationException =>
  new ValidationException({ ...META, message, Message: message });

/** Throws AWS's error for members that do not fit their model. @throws ValidationException */
export const check: (...violations: readonly (Violation | false | undefined)[]) => void = violationCheck(validation);

/** A name of a schedule or a group. */
export function nameViolation(at: string, value: string | undefined): Violation | undefined {
  if (value === undefined) return { at, value, must: 'not be null' };
  if (!/^[0-9a-zA-Z-_.]+$/.test(value))
    return { at, value, must: 'satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$' };
  return value.length > 64 ? { at, value, must: 'have length less than or equal to 64' } : undefined;
}
