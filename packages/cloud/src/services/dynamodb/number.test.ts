import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addNumbers,
  compareNumbers,
  formatNumber,
  normalizeNumber,
  numberKey,
  numberOfKey,
  numberSize,
  parseNumber,
} from './number.ts';

const digits = fc.stringMatching(/^[0-9]{1,38}$/);
/** Any number of DynamoDB's range, as ±digits × 10^power. */
const extreme = fc
  .record({ negative: fc.boolean(), digits, power: fc.integer({ min: -130, max: 125 }) })
  .map(
    ({ negative, digits, power }) => `${negative ? '-' : ''}${digits.slice(0, 1)}.${digits.slice(1) || '0'}e${power}`,
  )
  .filter((text) => {
    try {
      parseNumber(text);
      return true;
    } catch {
      return false;
    }
  });
const ordinary = fc.oneof(
  fc.integer().map(String),
  fc.tuple(fc.integer({ min: -99999, max: 99999 }), fc.integer({ min: 0, max: 9999 })).map(([a, b]) => `${a}.${b}`),
);
const anyNumber = fc.oneof(extreme, ordinary);

/** The number as a whole multiple of 10^-200: exact, by a way that the code under test does not use. */
function exactly(text: string): bigint {
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d*)\.?(\d*)$/.exec(text) ?? [];
  const magnitude = BigInt(whole + fraction.padEnd(200, '0'));
  return sign === '-' ? -magnitude : magnitude;
}

describe('numbers as clients write them', () => {
  it.each([
    ['1', '1'],
    ['-0', '0'],
    ['0.000e99', '0'],
    ['+12', '12'],
    ['0012.3400', '12.34'],
    ['.5', '0.5'],
    ['-.5', '-0.5'],
    ['0.50', '0.5'],
    ['00.5', '0.5'],
    ['-0.0', '0'],
    ['0.', '0'],
    ['1.25', '1.25'],
    ['-1.0', '-1'],
    ['5.', '5'],
    ['1e3', '1000'],
    ['1.5E-3', '0.0015'],
    ['-1.23e+2', '-123'],
    ['1e-130', `0.${'0'.repeat(129)}1`],
    ['9.9999999999999999999999999999999999999e125', `${'9'.repeat(38)}${'0'.repeat(88)}`],
    [`1${'0'.repeat(60)}`, `1${'0'.repeat(60)}`],
  ])('reads %s as %s', (text, plain) => {
    expect(normalizeNumber(text)).toBe(plain);
  });

  it.each([
    ['', 'The parameter cannot be converted to a numeric value'],
    ['b', 'The parameter cannot be converted to a numeric value: b'],
    [' 1', 'The parameter cannot be converted to a numeric value:  1'],
    ['1e', 'The parameter cannot be converted to a numeric value: 1e'],
    ['NaN', 'The parameter cannot be converted to a numeric value: NaN'],
    ['Infinity', 'The parameter cannot be converted to a numeric value: Infinity'],
    ['0x10', 'The parameter cannot be converted to a numeric value: 0x10'],
    ['1.2.3', 'The parameter cannot be converted to a numeric value: 1.2.3'],
    ['.', 'The parameter cannot be converted to a numeric value: .'],
    ['-', 'The parameter cannot be converted to a numeric value: -'],
    ['123456789012345678901234567890123456789', 'Attempting to store more than 38 significant digits in a Number'],
    ['-1.23456789012345678901234567890123456789', 'Attempting to store more than 38 significant digits in a Number'],
    ['1e126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
    [
      '-1e99999999999999999999',
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    ],
    ['1e-131', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'],
    ['-1e-131', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'],
  ])('refuses %j', (text, message) => {
    expect(() => normalizeNumber(text)).toThrow(expect.objectContaining({ name: 'ValidationException', message }));
  });

  it('writes any number in a form that it reads as the same number and writes alike again', () => {
    fc.assert(
      fc.property(anyNumber, (text) => {
        const plain = normalizeNumber(text);
        expect(parseNumber(plain)).toEqual(parseNumber(text));
        expect(normalizeNumber(plain)).toBe(plain);
        expect(formatNumber(parseNumber(plain))).toBe(plain);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the order of numbers', () => {
  it('is that of their values, compared as texts and as key bytes', () => {
    fc.assert(
      fc.property(anyNumber, anyNumber, (first, second) => {
        const [a, b] = [normalizeNumber(first), normalizeNumber(second)];
        const [x, y] = [exactly(a), exactly(b)];
        const expected = x < y ? -1 : x > y ? 1 : 0;
        expect(Math.sign(compareNumbers(a, b))).toBe(expected);
        expect(Buffer.compare(numberKey(a), numberKey(b))).toBe(expected);
      }),
      { numRuns: 5000 },
    );
  });

  it('holds between neighbours, where one digit or one power differs', () => {
    fc.assert(
      fc.property(extreme, fc.integer({ min: 1, max: 9 }), (text, last) => {
        const a = parseNumber(text);
        const b = { ...a, digits: `${a.digits.padEnd(37, '0').slice(0, 37)}${last}` };
        const [left, right] = [formatNumber(a), formatNumber(b)];
        expect(Buffer.compare(numberKey(left), numberKey(right))).toBe(Math.sign(compareNumbers(left, right)));
      }),
      { numRuns: 2000 },
    );
  });

  it('survives the way into key bytes and back', () => {
    fc.assert(
      fc.property(anyNumber, (text) => {
        const plain = normalizeNumber(text);
        expect(numberOfKey(numberKey(plain))).toBe(plain);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('arithmetic', () => {
  it.each([
    ['1', '2', '3'],
    ['0.1', '0.2', '0.3'],
    ['-5', '5', '0'],
    ['999999999999999', '1', '1000000000000000'],
    ['99999999999999999999999999999999999999', '-99999999999999999999999999999999999998', '1'],
    ['1', '0.0000000000000000000000000000000000001', '1.0000000000000000000000000000000000001'],
  ])('adds %s and %s to %s', (a, b, sum) => {
    expect(addNumbers(a, b)).toBe(sum);
    expect(addNumbers(sum, b, true)).toBe(a);
  });

  it('is exact, or refused when the result has more than 38 digits', () => {
    fc.assert(
      fc.property(anyNumber, anyNumber, fc.boolean(), (first, second, subtract) => {
        const [a, b] = [normalizeNumber(first), normalizeNumber(second)];
        const exact = subtract ? exactly(a) - exactly(b) : exactly(a) + exactly(b);
        let result: string;
        try {
          result = addNumbers(a, b, subtract);
        } catch (error) {
          expect(String(error)).toMatch(/38 significant digits|Number overflow|Number underflow/);
          expect(String(exact).replace(/^-|0+$/g, '').length > 38 || String(exact).length > 200 + 126).toBe(true);
          return;
        }
        expect(exactly(result)).toBe(exact);
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses a sum outside of the range', () => {
    const largest = normalizeNumber('9.9999999999999999999999999999999999999e125');
    expect(() => addNumbers(largest, normalizeNumber('1e88'))).toThrow('Number overflow');
  });
});

it.each([
  ['0', 1],
  ['5', 2],
  ['12', 2],
  ['123', 3],
  ['1.2', 3],
  ['12.3', 3],
  ['-5', 3],
  ['100', 2],
  ['1000', 2],
  ['0.01', 2],
  ['0.001', 2],
  ['12345678901234567890123456789012345678', 20],
  ['1010', 3],
  ['0.0000001', 2],
  ['1.234', 4],
  ['3.14159', 5],
  ['100.5', 4],
  ['0.15', 2],
  ['-42', 3],
])('counts the number %s as %i bytes', (text, size) => {
  expect(numberSize(text)).toBe(size);
});
