import type { Parameter as ParameterOutput } from '@aws-sdk/client-ssm';
import type { Scope } from '../../kernel/names.ts';
import { cipherOf, type Parameter, parameterArn } from './parameter.ts';

/** A version of a parameter as AWS answers it: a SecureString masked, unless it is to be decrypted. */
export const answer = (
  parameter: Parameter,
  scope: Scope,
  withDecryption: boolean | undefined,
  selector?: string,
): ParameterOutput => ({
  Name: parameter.name,
  Type: parameter.type,
  Value: shownValue(parameter, withDecryption),
  Version: parameter.version,
  ...(selector === undefined ? {} : { Selector: selector }),
  LastModifiedDate: new Date(parameter.modifiedAt),
  ARN: parameterArn(parameter.name, scope),
  DataType: parameter.dataType,
});

/** The value, or what stands for it. */
export const shownValue = (parameter: Parameter, withDecryption: boolean | undefined): string =>
  parameter.type === 'SecureString' && withDecryption !== true ? cipherOf(parameter) : parameter.value;
