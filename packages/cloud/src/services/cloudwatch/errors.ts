import {
  InvalidNextToken,
  InvalidParameterCombinationException,
  InvalidParameterValueException,
  MissingRequiredParameterException,
  ResourceNotFound,
} from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../kernel/awsError.ts';
import { violationCheck } from '../../kernel/violations.ts';

const META = { $metadata: {} } as const;

export const invalidValue = (message: string): InvalidParameterValueException =>
  new InvalidParameterValueException({ ...META, message });

export const invalidCombination = (message: string): InvalidParameterCombinationException =>
  new InvalidParameterCombinationException({ ...META, message });

export const missingParameter = (message: string): MissingRequiredParameterException =>
  new MissingRequiredParameterException({ ...META, message });

export const alarmNotFound = (name: string): ResourceNotFound =>
  new ResourceNotFound({ ...META, message: `Unknown alarm: ${name}` });

export const invalidToken = (): InvalidNextToken =>
  new InvalidNextToken({ ...META, message: 'The next token specified is invalid' });

export const validation = (message: string): AwsError => new AwsError('ValidationError', 400, message);

/** Throws AWS's error for members that do not fit their model. @throws ValidationError */
export const check: ReturnType<typeof violationCheck> = violationCheck(validation);
