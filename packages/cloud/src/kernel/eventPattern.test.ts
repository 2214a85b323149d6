import { describe, expect, it } from 'vitest';
import { EventPattern, PatternIndex } from './eventPattern.ts';

const pattern = (value: unknown, options = {}) => new EventPattern(JSON.stringify(value), options);
const place = (text: string, column: number) => `\n at [Source: (String)"${text}"; line: 1, column: ${column}]`;

describe('what matches', () => {
  it.each<[string, unknown, unknown, boolean]>([
    ['one of several values', ['a', 1, true, null], 'a', true],
    ['a number, not its text', [1], '1', false],
    ['a number however it is written', [100], 1e2, true],
    ['any element of an array', ['b'], ['a', 'b'], true],
    ['no element of an empty array', ['b'], [], false],
    ['null', [null], null, true],
    ['a prefix', [{ prefix: 'au' }], 'auto', true],
    ['a prefix in another case', [{ prefix: { 'equals-ignore-case': 'AU' } }], 'auto', true],
    ['a suffix', [{ suffix: '.png' }], 'a.png', true],
    ['no prefix', [{ prefix: 'x' }], 'auto', false],
    ['text in another case', [{ 'equals-ignore-case': 'ALICE' }], 'alice', true],
    ['a wildcard', [{ wildcard: 'a*c*e' }], 'abcde', true],
    ['a wildcard whose ends overlap', [{ wildcard: 'aba*ba' }], 'aba', false],
    ['a wildcard that is too long', [{ wildcard: '*bc*cd' }], 'bcd', false],
    ['a star that is meant', [{ wildcard: 'a\\*b' }], 'a*b', true],
    ['a star that is meant, of anything', [{ wildcard: 'a\\*b' }], 'axb', false],
    ['a range', [{ numeric: ['>', 0, '<=', 5] }], 5, true],
    ['below a range', [{ numeric: ['>', 0, '<=', 5] }], 0, false],
    ['a range, of text', [{ numeric: ['>', 0] }], '5', false],
    ['equality', [{ numeric: ['=', 3.5] }], 3.5, true],
    ['anything but a value', [{ 'anything-but': 'a' }], 'b', true],
    ['anything but these', [{ 'anything-but': ['a', 1] }], 1, false],
    ['anything but a prefix', [{ 'anything-but': { prefix: 'x' } }], 'xy', false],
    ['anything but suffixes', [{ 'anything-but': { suffix: ['x', 'y'] } }], 'xy', false],
    ['anything but a wildcard', [{ 'anything-but': { wildcard: '*/bin/*' } }], '/usr/lib/x', true],
    ['anything but a text in any case', [{ 'anything-but': { 'equals-ignore-case': 'A' } }], 'a', false],
    ['presence', [{ exists: true }], null, true],
    ['absence', [{ exists: false }], 'a', false],
    ['an address', [{ cidr: '10.0.0.0/24' }], '10.0.0.255', true],
    ['an address outside', [{ cidr: '10.0.0.0/24' }], '10.0.1.0', false],
    ['an address of IPv6', [{ cidr: '2001:db8::/32' }], '2001:db8:1::1', true],
    ['fields below', { key: ['a'] }, { key: 'a', other: 1 }, true],
    ['fields below, none of which is there', { key: ['a'] }, 'a', false],
  ])('%s', (_, wanted, value, matches) => {
    expect(pattern({ field: wanted }).matches({ field: value })).toBe(matches);
  });

  it('is absent', () => {
    expect(pattern({ a: [{ exists: false }] }).matches({ b: 1 })).toBe(true);
    expect(pattern({ a: { b: [{ exists: false }] } }).matches({})).toBe(true);
    expect(pattern({ a: [{ 'anything-but': 'x' }] }).matches({})).toBe(false);
    expect(pattern({ a: [null] }).matches({})).toBe(false);
    expect(pattern({ a: [null] }, { absentIsNull: true }).matches({})).toBe(true);
  });

  it('is one element of an array of objects, not parts of several', () => {
    const both = pattern({ people: { name: ['a'], age: [1] } });
    expect(both.matches({ people: [{ name: 'a', age: 1 }, { name: 'b' }] })).toBe(true);
    expect(
      both.matches({
        people: [
          { name: 'a', age: 2 },
          { name: 'b', age: 1 },
        ],
      }),
    ).toBe(false);
  });

  it('is any branch of an $or, and the rest', () => {
    const either = pattern({ source: ['s'], $or: [{ a: ['1'] }, { b: { c: [{ numeric: ['<', 3] }] } }] });
    expect(either.matches({ source: 's', a: '1' })).toBe(true);
    expect(either.matches({ source: 's', b: { c: 2 } })).toBe(true);
    expect(either.matches({ source: 's', b: { c: 4 } })).toBe(false);
    expect(either.matches({ source: 'x', a: '1' })).toBe(false);
    expect(pattern({ $or: ['a', 'b'] }).matches({ $or: 'b' })).toBe(true);
  });
});

describe('what is no pattern', () => {
  it.each<[string, string, number]>([
    ['{"key":[["value"]]}', 'Match value must be String, number, true, false, or null', 10],
    ['{"key":[{"wrong-operator":true}]}', 'Unrecognized match type wrong-operator', 31],
    ['{"key":[{"suffix":"value","prefix":"value2"}]}', 'Only one key allowed in match expression', 37],
    ['{"key":[]}', 'Empty arrays are not allowed', 10],
    ['{"key":[{"suffix":100}]}', 'suffix match pattern must be a string', 22],
    ['{"key":[{"suffix":null}]}', 'suffix match pattern must be a string', 23],
    ['{"key":[{"suffix":[]}]}', 'suffix match pattern must be a string', 20],
    ['{"key":{"suffix":"value"}}', '"suffix" must be an object or an array', 19],
    ['{"key":[{"cidr":["bad-filter"]}]}', 'prefix match pattern must be a string', 18],
    ['{"key":[{"numeric":[]}]}', 'Invalid member in numeric match: ]', 22],
    ['{"key":[{"numeric":["operator"]}]}', 'Unrecognized numeric range operator: operator', 32],
    ['{"key":[{"numeric":[1,"<="]}]}', 'Invalid member in numeric match: 1', 22],
    ['{"key":[{"numeric":["=","000"]}]}', 'Value of equals must be numeric', 26],
    ['{"key":[{"numeric":[">="]}]}', 'Value of >= must be numeric', 26],
    ['{"key":[{"numeric":["<",100,">",10]}]}', 'Too many elements in numeric expression', 30],
    ['{"key":[{"numeric":[">=",1,">",2]}]}', 'Bad numeric range operator: >', 31],
    ['{"key":[{"numeric":[">",3,"<",1]}]}', 'Bottom must be less than top', 33],
    ['{"key":[{"numeric":[">",20,30]}]}', 'Bad value in numeric range: 30', 30],
    ['{"key":[{"numeric":[">",20,"<",30,"<",50]}]}', 'Too many terms in numeric range expression', 36],
    ['{"key":[{"exists":"no"}]}', 'exists match pattern must be either true or false.', 20],
    ['{"key":[{"anything-but":{"wrong-operator":null}}]}', 'Unsupported anything-but pattern: wrong-operator', 47],
    ['{"key":[{"anything-but":{"exists":false}}]}', 'Unsupported anything-but pattern: exists', 40],
  ])('%s', (text, message, column) => {
    expect(() => new EventPattern(text)).toThrow(`${message}${place(text, column)}`);
  });

  it.each([
    ['x/8', 'Nonstandard IP address: x'],
    ['10.0.0.0', "Malformed CIDR, one '/' required"],
    ['10.0.0.0/x', 'Malformed CIDR, mask bits must be an integer'],
  ])('a CIDR %s', (cidr, message) => {
    expect(() => pattern({ key: [{ cidr }] })).toThrow(message);
  });

  it.each([
    ['{invalid}', "Unexpected character ('i' (code 105)): was expecting double-quote to start field name", 2],
    ['invalid', "Unrecognized token 'invalid': was expecting (JSON String, Number", 8],
    ['{"a":["x"', 'Unexpected end-of-input: was expecting comma to separate Array entries', 10],
  ])('the text %s', (text, message, column) => {
    expect(() => new EventPattern(text)).toThrow(message);
    expect(() => new EventPattern(text)).toThrow(`line: 1, column: ${column}]`);
  });
});

it('counts keys, depth and combinations', () => {
  expect(pattern({ a: ['1', '2'], b: { c: ['3', '4', '5'] } }).size).toEqual({ keys: 2, depth: 2, combinations: 12 });
  expect(pattern({ a: ['1'], $or: [{ b: ['1', '2'] }, { c: ['3'] }] }).size).toMatchObject({
    keys: 3,
    combinations: 3,
  });
});

describe('an index', () => {
  const index = new PatternIndex<string>();
  const patterns = {
    equal: { type: ['order', 'refund'] },
    nested: { detail: { state: ['done'] }, type: [{ exists: true }] },
    prefix: { type: [{ prefix: 'or' }] },
    mixed: { type: ['x', { suffix: 'er' }] },
    or: { $or: [{ type: ['order'] }, { other: [1] }] },
    absent: { other: [{ exists: false }] },
  };
  for (const [id, value] of Object.entries(patterns)) index.set(id, pattern(value));

  it.each([
    [{ type: 'order' }],
    [{ type: ['refund', 'x'] }],
    [{ type: 'a', detail: [{ state: 'no' }, { state: 'done' }] }],
    [{ other: 1 }],
    [{}],
    ['text'],
    [null],
  ])('finds for %j what each pattern alone finds', (event) => {
    const expected = Object.entries(patterns).filter(([, value]) => pattern(value).matches(event));
    expect([...index.match(event)].sort()).toEqual(expected.map(([id]) => id).sort());
  });

  it('compares an event with those alone that it leads to', () => {
    const many = new PatternIndex<number>();
    let compared = 0;
    for (let id = 0; id < 1000; id++) {
      const one = pattern({ type: [`type-${id}`] });
      many.set(
        id,
        Object.create(one, {
          keys: { value: one.keys },
          matches: {
            value(event: unknown) {
              compared++;
              return one.matches(event);
            },
          },
        }),
      );
    }
    expect([...many.match({ type: 'type-7' })]).toEqual([7]);
    expect(compared).toBe(1);
    many.delete(7);
    expect(many.match({ type: 'type-7' }).size).toBe(0);
  });
});
