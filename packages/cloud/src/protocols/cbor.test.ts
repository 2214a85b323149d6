import { cbor } from '@smithy/core/cbor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCbor, writeCbor } from './cbor.ts';
import { parseCbor } from './cborReader.ts';
import type { Shape } from './schema.ts';

const VALUES = fc.anything({
  maxDepth: 4,
  values: [
    fc.string({ unit: 'grapheme' }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
  ],
  withBigInt: false,
});

const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex');

describe('parseCbor', () => {
  it('reads what the SDK writes', () => {
    fc.assert(
      fc.property(VALUES, (value) => {
        expect(parseCbor(Buffer.from(cbor.serialize(value)))).toEqual(cbor.deserialize(cbor.serialize(value)));
      }),
      { seed: 1 },
    );
  });

  // The examples of https://www.rfc-editor.org/rfc/rfc8949#appendix-A
  it.each([
    ['1bffffffffffffffff', 18446744073709551615n],
    ['3bffffffffffffffff', -18446744073709551616n],
    ['c249010000000000000000', 18446744073709551616n],
    ['c349010000000000000000', -18446744073709551617n],
    ['f90001', 2 ** -24],
    ['f97bff', 65504],
    ['f9c400', -4],
    ['f97c00', Number.POSITIVE_INFINITY],
    ['f97e00', Number.NaN],
    ['fa47c35000', 100000],
    ['c11a514b67b0', new Date(1_363_896_240_000)],
    ['c1fb41d452d9ec200000', new Date(1_363_896_240_500)],
    ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
    ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
    ['7f657374726561646d696e67ff', 'streaming'],
    ['5f42010243030405ff', Buffer.from([1, 2, 3, 4, 5])],
  ])('reads %s', (hex, value) => {
    expect(parseCbor(bytesOf(hex))).toEqual(value);
  });

  it.each([
    '',
    '18',
    '62',
    '5b7fffffffffffffff',
    '9b0000000100000000',
    'ff',
    '81ff',
    'a1ff',
    'a10102',
    '62c328',
    '0000',
    '1c',
    'f800',
    '5f6101ff',
    '81'.repeat(1000),
    'bf6161ff',
  ])('refuses %s', (hex) => {
    expect(() => parseCbor(bytesOf(hex))).toThrow(expect.objectContaining({ name: 'CborError' }));
  });
});

describe('readCbor', () => {
  const number: Shape = { kind: 'number', traits: {} };
  const structure: Shape = { kind: 'structure', name: 'S', traits: {}, required: 0, members: new Map([['a', number]]) };

  it('leaves out members that are not there', () => {
    expect(readCbor(structure, bytesOf('a2616101616202'))).toEqual({ a: 1 });
  });

  it.each(['01', '80', 'a161616161', 'a16161f5', 'c1f5'])('refuses %s', (hex) => {
    expect(() => readCbor(structure, bytesOf(hex))).toThrow(
      expect.objectContaining({ name: 'SerializationException' }),
    );
  });

  it('gives back what was written', () => {
    const integer: Shape = { kind: 'bigInteger', traits: {} };
    for (const value of [0n, 23n, -1n, 2n ** 53n, -(2n ** 64n), 2n ** 200n])
      expect(readCbor(integer, writeCbor(integer, value))).toBe(value);
  });
});
