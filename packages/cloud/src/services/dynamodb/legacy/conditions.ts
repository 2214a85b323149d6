import { type AttributeType, type AttributeValue, attributeOf, type Item, typeOf } from '../attributeValue.ts';
import { compareValues, equalValues } from '../compareValues.ts';
import { invalidParameter, validationException } from '../errors.ts';
import { checkValue } from '../validateValue.ts';
import { beginsWith, contains } from '../valueFunctions.ts';

/** The comparisons of QueryFilter, ScanFilter, KeyConditions and Expected. */
export type ComparisonOperator =
  | 'EQ'
  | 'NE'
  | 'LE'
  | 'LT'
  | 'GE'
  | 'GT'
  | 'NOT_NULL'
  | 'NULL'
  | 'CONTAINS'
  | 'NOT_CONTAINS'
  | 'BEGINS_WITH'
  | 'IN'
  | 'BETWEEN';

/** A condition on one attribute, as the parameters from before expressions have it. */
export interface LegacyCondition {
  readonly ComparisonOperator?: ComparisonOperator | undefined;
  readonly AttributeValueList?: AttributeValue[] | undefined;
}

/** A condition of Expected: a comparison, or the older `Value` and `Exists`. */
export interface Expectation extends LegacyCondition {
  readonly Value?: AttributeValue | undefined;
  readonly Exists?: boolean | undefined;
}

/** Whether an item fulfils legacy conditions. */
export type LegacyTest = (item: Item) => boolean;

type Test = (value: AttributeValue | undefined) => boolean;

const ALL: readonly AttributeType[] = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'];
const ORDERED: readonly AttributeType[] = ['S', 'N', 'B'];

/** How many operands each comparison takes, and of which types. */
const OPERANDS: Readonly<Record<ComparisonOperator, readonly [least: number, most: number, readonly AttributeType[]]>> =
  {
    EQ: [1, 1, ALL],
    NE: [1, 1, ALL],
    LE: [1, 1, ORDERED],
    LT: [1, 1, ORDERED],
    GE: [1, 1, ORDERED],
    GT: [1, 1, ORDERED],
    NOT_NULL: [0, 0, ALL],
    NULL: [0, 0, ALL],
    CONTAINS: [1, 1, ['S', 'N', 'B', 'BOOL', 'NULL']],
    NOT_CONTAINS: [1, 1, ['S', 'N', 'B', 'BOOL', 'NULL']],
    BEGINS_WITH: [1, 1, ['S', 'B']],
    IN: [1, Number.POSITIVE_INFINITY, ORDERED],
    BETWEEN: [2, 2, ORDERED],
  };

/**
 * Checks the values of conditions that came over the wire, then whether each fits its comparison.
 *
 * @throws ValidationException with AWS's text
 */
export function checkConditions(conditions: Readonly<Record<string, LegacyCondition>>): void {
  for (const { AttributeValueList = [] } of Object.values(conditions)) {
    for (const value of AttributeValueList) checkValue(value);
  }
  for (const { ComparisonOperator, AttributeValueList = [] } of Object.values(conditions)) {
    if (ComparisonOperator !== undefined) checkOperands(ComparisonOperator, AttributeValueList);
  }
}

function checkOperands(operator: ComparisonOperator, operands: readonly AttributeValue[]): void {
  const [least, most, types] = OPERANDS[operator];
  if (operands.length < least || operands.length > most) {
    throw invalidParameter(`Invalid number of argument(s) for the ${operator} ComparisonOperator`);
  }
  for (const operand of operands) {
    const type = typeOf(operand);
    if (!types.includes(type)) {
      throw invalidParameter(`ComparisonOperator ${operator} is not valid for ${type} AttributeValue type`);
    }
  }
  const [first, ...rest] = operands;
  if (first === undefined || rest.length === 0) return;
  if (rest.some((operand) => typeOf(operand) !== typeOf(first))) {
    throw invalidParameter('AttributeValues inside AttributeValueList must all be of the same type');
  }
  const [upper] = rest;
  if (operator === 'BETWEEN' && upper !== undefined && (compareValues(first, upper) ?? 0) > 0) {
    throw validationException(
      'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
    );
  }
}

/**
 * Checks Expected, and turns its older form into comparisons.
 *
 * @throws ValidationException with AWS's text
 */
export function readExpected(expected: Readonly<Record<string, Expectation>>): Record<string, LegacyCondition> {
  const conditions: [string, LegacyCondition][] = [];
  for (const [name, expectation] of Object.entries(expected)) {
    if (expectation.Value !== undefined) checkValue(expectation.Value);
    for (const value of expectation.AttributeValueList ?? []) checkValue(value);
    conditions.push([name, readExpectation(name, expectation)]);
  }
  const read = Object.fromEntries(conditions);
  checkConditions(read);
  return read;
}

function readExpectation(
  name: string,
  { Value, Exists, ComparisonOperator, AttributeValueList }: Expectation,
): LegacyCondition {
  if (ComparisonOperator !== undefined) {
    if (Exists !== undefined)
      throw invalidParameter(`Exists and ComparisonOperator cannot be used together for Attribute: ${name}`);
    if (Value === undefined) return { ComparisonOperator, AttributeValueList };
    if (AttributeValueList !== undefined) {
      throw invalidParameter(`Value and AttributeValueList cannot be used together for Attribute: ${name}`);
    }
    return { ComparisonOperator, AttributeValueList: [Value] };
  }
  if (AttributeValueList !== undefined) {
    throw invalidParameter(`AttributeValueList can only be used with a ComparisonOperator for Attribute: ${name}`);
  }
  if (Exists === false) {
    if (Value !== undefined) throw invalidParameter(`Value cannot be used when Exists is false for Attribute: ${name}`);
    return { ComparisonOperator: 'NULL' };
  }
  if (Value === undefined) {
    throw invalidParameter(`Value must be provided when Exists is ${Exists ?? 'null'} for Attribute: ${name}`);
  }
  return { ComparisonOperator: 'EQ', AttributeValueList: [Value] };
}

/**
 * A test of all conditions, or with `OR` of any.
 *
 * @throws ValidationException when there is an operator to join fewer than two
 */
export function legacyTest(
  conditions: Readonly<Record<string, LegacyCondition>> | undefined,
  conditionalOperator: 'AND' | 'OR' | undefined,
): LegacyTest | undefined {
  const entries = Object.entries(conditions ?? {});
  if (conditionalOperator !== undefined) {
    if (conditions === undefined) {
      throw validationException('ConditionalOperator cannot be used without Filter or Expected');
    }
    if (entries.length < 2) {
      throw validationException(
        'ConditionalOperator can only be used when Filter or Expected has two or more elements',
      );
    }
  }
  if (entries.length === 0) return undefined;
  const tests = entries.map(([name, condition]): LegacyTest => {
    const test = testOf(condition);
    return (item) => test(attributeOf(item, name));
  });
  return conditionalOperator === 'OR'
    ? (item) => tests.some((test) => test(item))
    : (item) => tests.every((test) => test(item));
}

function testOf({ ComparisonOperator, AttributeValueList = [] }: LegacyCondition): Test {
  const [operand = {}, upper = {}] = AttributeValueList;
  const present =
    (test: (value: AttributeValue) => boolean): Test =>
    (value) =>
      value !== undefined && test(value);
  const ordered = (test: (order: number) => boolean): Test =>
    present((value) => test(compareValues(value, operand) ?? Number.NaN));
  switch (ComparisonOperator) {
    case 'EQ':
      return present((value) => equalValues(value, operand));
    case 'NE':
      return (value) => value === undefined || !equalValues(value, operand);
    case 'LT':
      return ordered((order) => order < 0);
    case 'LE':
      return ordered((order) => order <= 0);
    case 'GT':
      return ordered((order) => order > 0);
    case 'GE':
      return ordered((order) => order >= 0);
    case 'BETWEEN':
      return present((value) => (compareValues(value, operand) ?? -1) >= 0 && (compareValues(value, upper) ?? 1) <= 0);
    case 'IN':
      return present((value) => AttributeValueList.some((candidate) => equalValues(value, candidate)));
    case 'BEGINS_WITH':
      return present((value) => beginsWith(value, operand));
    case 'CONTAINS':
      return present((value) => contains(value, operand));
    case 'NOT_CONTAINS':
      return present((value) => !contains(value, operand));
    case 'NULL':
      return (value) => value === undefined;
    default:
      return (value) => value !== undefined;
  }
}
