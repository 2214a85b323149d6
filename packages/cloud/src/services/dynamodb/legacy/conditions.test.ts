import { describe, expect, it } from 'vitest';
import type { AttributeValue, Item } from '../attributeValue.ts';
import {
  type ComparisonOperator,
  checkConditions,
  type Expectation,
  type LegacyCondition,
  legacyTest,
  readExpected,
} from './conditions.ts';

const item: Item = {
  s: { S: 'hello' },
  n: { N: '10' },
  ss: { SS: ['a', 'b'] },
  l: { L: [{ S: 'x' }] },
  b: { B: 'aGVsbG8=' },
};

const invalid = 'One or more parameter values were invalid: ';

describe('a condition', () => {
  it.each<[string, ComparisonOperator, AttributeValue[], boolean]>([
    ['s', 'EQ', [{ S: 'hello' }], true],
    ['s', 'NE', [{ S: 'hello' }], false],
    ['absent', 'NE', [{ S: 'hello' }], true],
    ['absent', 'EQ', [{ S: 'hello' }], false],
    ['n', 'LT', [{ N: '11' }], true],
    ['n', 'LE', [{ N: '10' }], true],
    ['n', 'GT', [{ N: '9.99' }], true],
    ['n', 'GE', [{ N: '11' }], false],
    ['n', 'LT', [{ S: '11' }], false],
    ['n', 'BETWEEN', [{ N: '9' }, { N: '10' }], true],
    ['n', 'BETWEEN', [{ N: '11' }, { N: '12' }], false],
    ['n', 'IN', [{ N: '1' }, { N: '10' }], true],
    ['n', 'IN', [{ N: '1' }], false],
    ['s', 'BEGINS_WITH', [{ S: 'he' }], true],
    ['b', 'BEGINS_WITH', [{ B: 'aGU=' }], true],
    ['s', 'CONTAINS', [{ S: 'll' }], true],
    ['ss', 'CONTAINS', [{ S: 'b' }], true],
    ['l', 'CONTAINS', [{ S: 'x' }], true],
    ['ss', 'NOT_CONTAINS', [{ S: 'b' }], false],
    ['absent', 'NOT_CONTAINS', [{ S: 'b' }], false],
    ['s', 'NOT_NULL', [], true],
    ['absent', 'NULL', [], true],
    ['constructor', 'NULL', [], true],
  ])('on %s of %s %j is %5$s', (name, ComparisonOperator, AttributeValueList, expected) => {
    const conditions = { [name]: { ComparisonOperator, AttributeValueList } };
    checkConditions(conditions);
    expect(legacyTest(conditions, undefined)?.(item)).toBe(expected);
  });

  it.each<[ComparisonOperator, AttributeValue[] | undefined, string]>([
    ['EQ', undefined, `${invalid}Invalid number of argument(s) for the EQ ComparisonOperator`],
    ['NULL', [{ S: 'a' }], `${invalid}Invalid number of argument(s) for the NULL ComparisonOperator`],
    ['BETWEEN', [{ S: 'a' }], `${invalid}Invalid number of argument(s) for the BETWEEN ComparisonOperator`],
    ['IN', [], `${invalid}Invalid number of argument(s) for the IN ComparisonOperator`],
    ['LT', [{ BOOL: true }], `${invalid}ComparisonOperator LT is not valid for BOOL AttributeValue type`],
    ['CONTAINS', [{ L: [] }], `${invalid}ComparisonOperator CONTAINS is not valid for L AttributeValue type`],
    ['BEGINS_WITH', [{ N: '1' }], `${invalid}ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type`],
    [
      'IN',
      [{ N: '1' }, { S: '1' }],
      `${invalid}AttributeValues inside AttributeValueList must all be of the same type`,
    ],
    [
      'BETWEEN',
      [{ N: '2' }, { N: '1' }],
      'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
    ],
    ['EQ', [{}], 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'],
  ])('with %s of %j is refused', (ComparisonOperator, AttributeValueList, message) => {
    expect(() => checkConditions({ a: { ComparisonOperator, AttributeValueList } })).toThrow(message);
  });
});

describe('several conditions', () => {
  const conditions: Record<string, LegacyCondition> = {
    s: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'hello' }] },
    n: { ComparisonOperator: 'EQ', AttributeValueList: [{ N: '0' }] },
  };

  it('must all hold, or any with OR', () => {
    expect(legacyTest(conditions, undefined)?.(item)).toBe(false);
    expect(legacyTest(conditions, 'AND')?.(item)).toBe(false);
    expect(legacyTest(conditions, 'OR')?.(item)).toBe(true);
  });

  it('are what an operator is for', () => {
    expect(() => legacyTest(undefined, 'OR')).toThrow('ConditionalOperator cannot be used without Filter or Expected');
    expect(() => legacyTest({ s: { ComparisonOperator: 'NULL' } }, 'OR')).toThrow(
      'ConditionalOperator can only be used when Filter or Expected has two or more elements',
    );
  });
});

describe('Expected', () => {
  it.each<[Expectation, boolean]>([
    [{ Value: { S: 'hello' } }, true],
    [{ Value: { S: 'hello' }, Exists: true }, true],
    [{ Value: { S: 'other' } }, false],
    [{ Exists: false }, false],
    [{ ComparisonOperator: 'NE', Value: { S: 'x' } }, true],
    [{ ComparisonOperator: 'BEGINS_WITH', AttributeValueList: [{ S: 'h' }] }, true],
  ])('%j of an attribute is %s', (expectation, expected) => {
    expect(legacyTest(readExpected({ s: expectation }), undefined)?.(item)).toBe(expected);
  });

  it.each<[Expectation, string]>([
    [{}, 'Value must be provided when Exists is null for Attribute: a'],
    [{ Exists: true }, 'Value must be provided when Exists is true for Attribute: a'],
    [{ Exists: false, Value: { S: 'a' } }, 'Value cannot be used when Exists is false for Attribute: a'],
    [
      { Exists: false, ComparisonOperator: 'NULL' },
      'Exists and ComparisonOperator cannot be used together for Attribute: a',
    ],
    [
      { ComparisonOperator: 'EQ', Value: { S: 'a' }, AttributeValueList: [{ S: 'a' }] },
      'Value and AttributeValueList cannot be used together for Attribute: a',
    ],
    [
      { AttributeValueList: [{ S: 'a' }] },
      'AttributeValueList can only be used with a ComparisonOperator for Attribute: a',
    ],
  ])('%j is refused', (expectation, message) => {
    expect(() => readExpected({ a: expectation })).toThrow(`${invalid}${message}`);
  });
});
