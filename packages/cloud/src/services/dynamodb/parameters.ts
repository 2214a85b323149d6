import type { AttributeValue, Item } from './attributeValue.ts';
import { invalidParameter, validationException } from './errors.ts';
import { type ExpressionInput, type Expressions, NO_EXPRESSIONS, readExpressions } from './expressions/expressions.ts';
import { projector } from './expressions/projection.ts';
import type { Expectation } from './legacy/conditions.ts';
import { legacyTest, readExpected } from './legacy/conditions.ts';
import { checkValue } from './validateValue.ts';

/** Parameters by name, as AWS's messages list them. */
type Parameters = Readonly<Record<string, unknown>>;

/**
 * Refuses what AWS refuses before it reads any expression: older parameters beside expressions, and names or values without any.
 *
 * @param forValues - the expressions that may use values
 */
export function checkParameters(
  input: ExpressionInput,
  older: Parameters,
  expressions: Parameters,
  forValues: readonly string[],
): void {
  const given = namesOf(expressions);
  const olderGiven = namesOf(older);
  if (given.length > 0 && olderGiven.length > 0) {
    throw validationException(
      `Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {${olderGiven.join(', ')}} Expression parameters: {${given.join(', ')}}`,
    );
  }
  if (input.ExpressionAttributeNames !== undefined && given.length === 0) {
    throw validationException('ExpressionAttributeNames can only be specified when using expressions');
  }
  if (input.ExpressionAttributeValues !== undefined && forValues.every((name) => expressions[name] === undefined)) {
    const what =
      forValues.length === 0 ? '' : `: ${forValues.join(' and ')} ${forValues.length === 1 ? 'is' : 'are'} null`;
    throw validationException(`ExpressionAttributeValues can only be specified when using expressions${what}`);
  }
}

function namesOf(parameters: Parameters): string[] {
  const names: string[] = [];
  for (const name in parameters) if (parameters[name] !== undefined) names.push(name);
  return names;
}

/** The expressions of an input; of one without any, none, at no cost. */
export const expressionsOf = (input: ExpressionInput): Expressions =>
  input.UpdateExpression === undefined &&
  input.ConditionExpression === undefined &&
  input.KeyConditionExpression === undefined &&
  input.FilterExpression === undefined &&
  input.ProjectionExpression === undefined
    ? NO_EXPRESSIONS
    : readExpressions(input);

/** The parameters with which a write says on what condition it is to happen. */
export interface ConditionInput {
  readonly Expected?: Record<string, Expectation> | undefined;
  readonly ConditionalOperator?: 'AND' | 'OR' | undefined;
}

/** The condition of a write, in either form. */
export function conditionOf(
  { Expected, ConditionalOperator }: ConditionInput,
  { condition, values }: Expressions,
): ((item: Item) => boolean) | undefined {
  if (condition !== undefined) return (item) => condition.test(item, values);
  if (Expected === undefined && ConditionalOperator === undefined) return undefined;
  return legacyTest(Expected && readExpected(Expected), ConditionalOperator);
}

/** A function that takes the attributes named in AttributesToGet. @throws ValidationException when one is named twice */
export function attributesToGet(names: readonly string[]): (item: Item) => Item {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw invalidParameter(`Duplicate value in attribute name: ${name}`);
    seen.add(name);
  }
  return projector(names.map((name) => [name] as const));
}

/** Checks the values of a key that came over the wire. */
export function checkKeyValues(key: Readonly<Record<string, AttributeValue>>): void {
  for (const name in key) checkValue(key[name] as AttributeValue); // an own name
}

/**
 * Checks the key attributes that an expression's paths begin with: there is nothing below them.
 *
 * @throws ValidationException
 */
export function requireScalarKeys(
  paths: readonly (readonly [string, ...unknown[]])[],
  names: readonly string[],
  what: 'Key' | 'IndexKey',
): void {
  for (const path of paths) {
    if (path.length === 1 || !names.includes(path[0])) continue;
    throw validationException(
      `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${what}: ${path[0]}`,
    );
  }
}
