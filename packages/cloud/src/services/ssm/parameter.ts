import { hash } from 'node:crypto';
import { arn, parseArn, type Scope } from '../../kernel/names.ts';

export const PARAMETER_TYPES = ['String', 'StringList', 'SecureString'] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

/** Intelligent-Tiering is a wish; a parameter has one of these. */
export type ParameterTier = 'Standard' | 'Advanced';

/** A version of a parameter. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly value: string;
  readonly version: number;
  /** ms since 1970 */
  readonly modifiedAt: number;
  /** The ARN of who made this version. */
  readonly modifiedBy: string;
  readonly description: string | undefined;
  readonly allowedPattern: string | undefined;
  readonly tier: ParameterTier;
  /** Of a SecureString. */
  readonly keyId: string | undefined;
  readonly dataType: string;
}

/** A name as an input gives it: a name or an ARN, with a version or label behind a colon. */
export interface Reference {
  readonly name: string;
  /** `:3` or `:live`, or undefined for the latest version. */
  readonly selector: string | undefined;
}

/** A name with a leading slash is a path, whose slash the ARN does not write twice. */
export const parameterArn = (name: string, scope: Scope): string =>
  arn('ssm', scope, `parameter${name.startsWith('/') ? '' : '/'}${name}`);

/** Reads a name or an ARN, with or without a selector. */
export function referenceOf(given: string): Reference {
  const parsed = given.startsWith('arn:') ? parseArn(given) : undefined;
  const name = parsed?.resource.startsWith('parameter/') === true ? pathOf(parsed.resource) : given;
  const colon = name.indexOf(':');
  return colon === -1 ? { name, selector: undefined } : { name: name.slice(0, colon), selector: name.slice(colon) };
}

/** An ARN does not tell `a` from `/a`: one level is a plain name, more are a path. */
function pathOf(resource: string): string {
  const name = resource.slice('parameter'.length);
  return name.indexOf('/', 1) === -1 ? name.slice(1) : name;
}

/** What stands for the value of a SecureString that nobody asked to decrypt: it looks like ciphertext, and tells nothing. */
export const cipherOf = ({ name, version, value }: Parameter): string =>
  `AQICAHg${hash('sha512', `${name}\0${version}\0${value}`, 'base64')}`;
