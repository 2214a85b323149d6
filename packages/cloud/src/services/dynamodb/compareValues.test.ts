import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttributeValue } from './attributeValue.ts';
import { compareStrings, compareValues, equalValues } from './compareValues.ts';
import { keyAfter, keyBytes, partitionHash, prefixEnd } from './keyBytes.ts';

describe('the order of strings', () => {
  it('is that of their UTF-8 bytes', () => {
    // Every kind of text, with those characters made likely on which UTF-16 and UTF-8 disagree.
    const text = fc.string({
      unit: fc.oneof(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        fc.constantFrom('\uffff', '\ue000', '😀', '\ud7ff'),
      ),
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareStrings(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('equality', () => {
  it.each<[AttributeValue, AttributeValue, boolean]>([
    [{ S: 'a' }, { S: 'a' }, true],
    [{ S: '1' }, { N: '1' }, false],
    [{ NULL: true }, { NULL: true }, true],
    [{ BOOL: false }, { BOOL: true }, false],
    [{ SS: ['a', 'b'] }, { SS: ['b', 'a'] }, true],
    [{ SS: ['a', 'b'] }, { SS: ['a'] }, false],
    [{ SS: ['a'] }, { L: [{ S: 'a' }] }, false],
    [{ L: [{ S: 'a' }, { N: '1' }] }, { L: [{ S: 'a' }, { N: '1' }] }, true],
    [{ L: [{ S: 'a' }, { N: '1' }] }, { L: [{ N: '1' }, { S: 'a' }] }, false],
    [{ M: { a: { M: { b: { NS: ['2', '1'] } } } } }, { M: { a: { M: { b: { NS: ['1', '2'] } } } } }, true],
    [{ M: { a: { S: 'x' } } }, { M: { b: { S: 'x' } } }, false],
    [{ M: {} }, { M: { constructor: { S: 'x' } } }, false],
  ])('of %j and %j is %s', (a, b, equal) => {
    expect(equalValues(a, b)).toBe(equal);
    expect(equalValues(b, a)).toBe(equal);
  });
});

it('gives no order to values of different types, or of types without one', () => {
  expect(compareValues({ S: '1' }, { N: '1' })).toBeUndefined();
  expect(compareValues({ BOOL: true }, { BOOL: false })).toBeUndefined();
  expect(compareValues({ B: 'AP8=' }, { B: 'AQ==' })).toBeLessThan(0);
});

describe('ranges of key bytes', () => {
  const key = fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes));

  it('end of a prefix: exactly what begins with it lies between', () => {
    fc.assert(
      fc.property(key, key, (prefix, bytes) => {
        const before = Buffer.from(prefix);
        const end = prefixEnd(prefix);
        expect(prefix.equals(before)).toBe(true);
        const inside = Buffer.compare(bytes, prefix) >= 0 && (end === undefined || Buffer.compare(bytes, end) < 0);
        expect(inside).toBe(Buffer.from(bytes.subarray(0, prefix.length)).equals(prefix));
      }),
      { numRuns: 3000 },
    );
  });

  it('after a key: nothing lies between', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(Buffer.compare(b, a) > 0).toBe(Buffer.compare(b, keyAfter(a)) >= 0);
      }),
    );
  });
});

it('spreads partitions evenly over the range of a scan', () => {
  const segments = new Array<number>(16).fill(0);
  for (let index = 0; index < 16_000; index++) {
    const segment = partitionHash(keyBytes('S', { S: `user#${index}` })) >>> 28;
    segments[segment] = (segments[segment] ?? 0) + 1;
  }
  for (const count of segments) expect(Math.abs(count - 1000)).toBeLessThan(200);
});
