import { arn, type Scope } from '../../kernel/names.ts';

/** A version of a parameter. */
export interface Parameter {
  readonly name: string;
  readonly type: 'String' | 'StringList' | 'SecureString';
  readonly value: string;
  readonly version: number;
  /** ms since 1970 */
  readonly modifiedAt: number;
  readonly description: string | undefined;
}

/** A name with a leading slash is a path, whose slash the ARN does not write twice. */
export const parameterArn = (name: string, scope: Scope): string =>
  arn('ssm', scope, `parameter${name.startsWith('/') ? '' : '/'}${name}`);
