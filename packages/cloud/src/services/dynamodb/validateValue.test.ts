import { describe, expect, it } from 'vitest';
import type { AttributeValue } from './attributeValue.ts';
import { checkItem, checkValue } from './validateValue.ts';

/** What a client sends is JSON of any shape. */
const wire = (json: string): AttributeValue => JSON.parse(json);
const nested = (levels: number): AttributeValue => wire(`${'{"L":['.repeat(levels)}{"S":"x"}${']}'.repeat(levels)}`);

describe('a value that is refused', () => {
  it.each([
    ['{}', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'],
    ['null', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'],
    ['{"a":""}', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'],
    ['{"S":null}', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'],
    ['{"M":{"a":{}}}', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'],
    ['{"L":[{"a":{}}]}', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'],
    [
      '{"S":"a","N":"1"}',
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    ],
    ['{"S":"a","N":""}', 'The parameter cannot be converted to a numeric value'],
    ['{"S":"a","N":"b"}', 'The parameter cannot be converted to a numeric value: b'],
    ['{"NS":["1","b"]}', 'The parameter cannot be converted to a numeric value: b'],
    ['{"NS":["1","1.0"]}', 'Input collection contains duplicates'],
    [
      '{"NULL":false}',
      'One or more parameter values were invalid: Null attribute value types must have the value of true',
    ],
    ['{"SS":[]}', 'One or more parameter values were invalid: An string set  may not be empty'],
    ['{"NS":[]}', 'One or more parameter values were invalid: An number set  may not be empty'],
    ['{"BS":[]}', 'One or more parameter values were invalid: Binary sets should not be empty'],
    [
      '{"SS":["a",""]}',
      'One or more parameter values were invalid: An string set may not have a empty string as a member',
    ],
    [
      '{"BS":["aaaa",""]}',
      'One or more parameter values were invalid: Binary sets may not contain null or empty values',
    ],
    ['{"SS":["a","a"]}', 'One or more parameter values were invalid: Input collection [a, a] contains duplicates.'],
    [
      '{"BS":["Yg==","Yg=="]}',
      'One or more parameter values were invalid: Input collection [Yg==, Yg==]of type BS contains duplicates.',
    ],
  ])('is %s: %s', (json, message) => {
    expect(() => checkValue(wire(json))).toThrow(expect.objectContaining({ name: 'ValidationException', message }));
  });

  it.each([
    ['{"S":1}', 'NUMBER_VALUE cannot be converted to String'],
    ['{"N":1}', 'NUMBER_VALUE cannot be converted to String'],
    ['{"S":true}', 'TRUE_VALUE cannot be converted to String'],
    ['{"BOOL":"yes"}', 'STRING_VALUE cannot be converted to Boolean'],
    ['{"S":{}}', 'Start of structure or map found where not expected'],
    ['{"SS":"a"}', 'Unexpected field type'],
    ['{"SS":[1]}', 'NUMBER_VALUE cannot be converted to String'],
    ['{"M":[]}', 'Start of list found where not expected'],
    ['{"L":{}}', 'Start of structure or map found where not expected'],
    ['"text"', 'Unexpected field type'],
    ['{"B":"YQ"}', 'Base64 encoded length is expected a multiple of 4 bytes but found: 2'],
    ['{"B":"Y!=="}', 'Invalid Base64 character found'],
    ['{"B":"YR=="}', 'Invalid last non-pad Base64 character dectected'],
  ])('is %s, which is not of the shape of a value: %s', (json, message) => {
    expect(() => checkValue(wire(json))).toThrow(expect.objectContaining({ name: 'SerializationException', message }));
  });

  it('is nested more than 32 levels deep', () => {
    expect(checkValue(nested(32))).toBe(32 * 4 + 1);
    expect(() => checkValue(nested(33))).toThrow('Nesting Levels have exceeded supported limits');
  });
});

it('puts numbers into plain notation, and takes out what AWS ignores', () => {
  const item = JSON.parse(
    '{"a":{"N":"1.50"},"b":{"NS":["1e2","2"]},"c":{"L":[{"N":"+1"}]},"d":{"S":"x","N":null,"other":1}}',
  );
  checkItem(item);
  expect(item).toEqual({ a: { N: '1.5' }, b: { NS: ['100', '2'] }, c: { L: [{ N: '1' }] }, d: { S: 'x' } });
});

it.each([
  ['{"a":{"S":"abc"}}', 4],
  ['{"é":{"S":"€"}}', 5],
  ['{"a":{"S":""}}', 1],
  ['{"a":{"B":"YWJj"}}', 4],
  ['{"a":{"B":"YQ=="}}', 2],
  ['{"a":{"N":"123"}}', 4],
  ['{"a":{"BOOL":true},"b":{"NULL":true}}', 4],
  ['{"a":{"SS":["ab","c"]}}', 4],
  ['{"a":{"L":[]}}', 4],
  ['{"a":{"M":{}}}', 4],
  ['{"a":{"L":[{"S":"ab"},{"BOOL":true}]}}', 1 + 3 + 1 + 2 + 1 + 1],
  ['{"a":{"M":{"bc":{"S":"d"}}}}', 1 + 3 + 1 + 2 + 1],
])('counts %s as %i bytes', (json, size) => {
  expect(checkItem(JSON.parse(json))).toBe(size);
});
