import { arn, type Scope } from '../../kernel/names.ts';
import { Constraints, type Pattern, pattern } from './constraints.ts';
import { qualifierMismatch, resourceNotFound } from './errors.ts';

/** A function, or a version or alias of it, as a caller named it. */
export interface FunctionReference extends Scope {
  readonly name: string;
  /** A version number, an alias or `$LATEST`; undefined when none was given. */
  readonly qualifier: string | undefined;
}

const REGION = '((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?';

/** How a function may be named where it exists. */
export const FUNCTION_NAME: Pattern = pattern(
  `(arn:(aws[a-zA-Z-]*)?:lambda:)?${REGION}(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?`,
);
/** How a function may be named where it is made. */
export const NEW_FUNCTION_NAME: Pattern = pattern(
  `(arn:(aws[a-zA-Z-]*)?:lambda:)?${REGION}(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`,
);
const QUALIFIER = pattern('\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+');

/**
 * Reads a function's name, partial or whole ARN, with the qualifier that stands in it or beside it.
 *
 * @throws ValidationException, InvalidParameterValueException, ResourceNotFoundException
 */
export function readReference(
  functionName: string | undefined,
  qualifier: string | undefined,
  scope: Scope,
): FunctionReference {
  new Constraints()
    .length(qualifier, 'qualifier', 128)
    .pattern(qualifier, 'qualifier', QUALIFIER)
    .present(functionName, 'functionName')
    .pattern(functionName, 'functionName', FUNCTION_NAME)
    .hold();
  return splitReference(functionName ?? '', qualifier, scope);
}

/** The parts of a name whose form was checked. */
export function splitReference(functionName: string, qualifier: string | undefined, scope: Scope): FunctionReference {
  const parts = functionName.split(':');
  let { account, region } = scope;
  if (parts[0] === 'arn') {
    region = parts[3] ?? region;
    account = parts[4] ?? account;
    parts.splice(0, 5);
  } else {
    if (REGION_NAME.test(parts[0] ?? '')) region = parts.shift() ?? region;
    if (/^\d{12}$/.test(parts[0] ?? '') && parts.length > 1) account = parts.shift() ?? account;
  }
  if (parts[0] === 'function' && parts.length > 1) parts.shift();
  const [name = '', derived] = parts;
  if (region !== scope.region) {
    throw resourceNotFound(`Functions from '${region}' are not reachable in this region ('${scope.region}')`);
  }
  if (derived !== undefined && qualifier !== undefined && derived !== qualifier) throw qualifierMismatch();
  return { account, region, name, qualifier: qualifier ?? derived };
}

const REGION_NAME = /^(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d$/;

/** `arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]` */
export const functionArn = (scope: Scope, name: string, qualifier?: string): string =>
  arn('lambda', scope, `function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`);

/** The ARN of what a caller named. */
export const referenceArn = (reference: FunctionReference): string =>
  functionArn(reference, reference.name, reference.qualifier);

/** The ARN of what a call is about, for authorization: of input that nobody has checked yet, so it never throws. */
export function arnOf(functionName: string | undefined, qualifier: string | undefined, scope: Scope): string {
  try {
    return referenceArn(splitReference(functionName ?? '', qualifier, scope));
  } catch {
    return functionArn(scope, functionName ?? '', qualifier);
  }
}
