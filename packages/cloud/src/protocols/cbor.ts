import { AwsError } from '../kernel/awsError.ts';
import { parseCbor } from './cborReader.ts';
import { toBuffer } from './json.ts';
import type { Shape, StructureShape } from './schema.ts';

const refuse = (message: string): AwsError => new AwsError('SerializationException', 400, message);

/** CBOR bytes in the SDK's types. @throws {AwsError} `SerializationException` */
export function readCbor(shape: Shape, bytes: Buffer): unknown {
  let value: unknown;
  try {
    value = parseCbor(bytes);
  } catch {
    throw refuse('The body of the request is not well-formed CBOR');
  }
  return read(shape, value);
}

function read(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'string':
      return expect(shape, value, typeof value === 'string');
    case 'number':
      return Number(expect(shape, value, typeof value === 'number' || typeof value === 'bigint'));
    case 'bigInteger':
      return BigInt(expect(shape, value, Number.isInteger(value) || typeof value === 'bigint') as number | bigint); // as was checked
    case 'bigDecimal':
      return expect(shape, value, typeof value === 'number' || typeof value === 'bigint');
    case 'boolean':
      return expect(shape, value, typeof value === 'boolean');
    case 'blob':
      return expect(shape, value, value instanceof Uint8Array);
    case 'timestamp': {
      const date = typeof value === 'number' ? new Date(Math.round(value * 1000)) : value;
      return expect(shape, date, date instanceof Date && !Number.isNaN(date.getTime()));
    }
    case 'list': {
      if (!Array.isArray(value)) throw mismatch(shape);
      return value.map((item: unknown) => (item == null ? nothing(shape) : read(shape.member, item)));
    }
    case 'map': {
      const entries = Object.entries(recordOf(shape, value)).filter(([, item]) => item != null || isSparse(shape));
      return Object.fromEntries(entries.map(([key, item]) => [key, item == null ? null : read(shape.value, item)]));
    }
    case 'structure':
    case 'union':
      return readStructure(shape, recordOf(shape, value));
    default:
      return value;
  }
}

const isSparse = ({ traits }: Shape): boolean => traits.sparse === 1;
const nothing = (shape: Shape): null | undefined => (isSparse(shape) ? null : undefined);

function readStructure(shape: StructureShape, record: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [member, target] of shape.members) {
    const item = Object.hasOwn(record, member) ? record[member] : undefined;
    if (item !== undefined && item !== null) result[member] = read(target, item);
  }
  return result;
}

function recordOf(shape: Shape, value: unknown): Record<string, unknown> {
  const isRecord =
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Date);
  return expect(shape, value, isRecord) as Record<string, unknown>; // a map, as was checked
}

function expect(shape: Shape, value: unknown, holds: boolean): unknown {
  if (!holds) throw mismatch(shape);
  return value;
}

const mismatch = ({ kind }: Shape): AwsError => refuse(`A ${kind} was expected`);

/** A value of the SDK's types as CBOR. */
export function writeCbor(shape: Shape, value: unknown): Buffer {
  const parts: Uint8Array[] = [];
  write(shape, value, parts);
  return Buffer.concat(parts);
}

function write(shape: Shape, value: unknown, parts: Uint8Array[]): void {
  if (value === undefined || value === null) {
    parts.push(NULL);
    return;
  }
  switch (shape.kind) {
    case 'string':
      writeText(String(value), parts);
      return;
    case 'number':
    case 'bigDecimal':
      writeNumber(Number(value), parts);
      return;
    case 'bigInteger':
      writeInteger(BigInt(value as number | bigint), parts); // an integer in the SDK's types
      return;
    case 'boolean':
      parts.push(value === true ? TRUE : FALSE);
      return;
    case 'blob': {
      const bytes = toBuffer(value);
      parts.push(head(2, bytes.length), bytes);
      return;
    }
    case 'timestamp':
      parts.push(EPOCH);
      writeNumber((value as Date).getTime() / 1000, parts); // a timestamp in the SDK's types
      return;
    case 'list': {
      const items = value as readonly unknown[]; // a list in the SDK's types
      parts.push(head(4, items.length));
      for (const item of items) write(shape.member, item, parts);
      return;
    }
    case 'map':
      writeEntries(
        Object.entries(value).map(([key, item]) => [key, shape.value, item]),
        parts,
      );
      return;
    case 'structure':
    case 'union': {
      const record = value as Readonly<Record<string, unknown>>; // a structure in the SDK's types
      writeEntries(
        [...shape.members].map(([member, target]) => [member, target, record[member]]),
        parts,
      );
      return;
    }
    default:
      parts.push(NULL);
  }
}

function writeEntries(entries: readonly (readonly [string, Shape, unknown])[], parts: Uint8Array[]): void {
  const present = entries.filter(([, , item]) => item !== undefined && item !== null);
  parts.push(head(5, present.length));
  for (const [key, shape, item] of present) {
    writeText(key, parts);
    write(shape, item, parts);
  }
}

const FALSE = Buffer.from([0xf4]);
const TRUE = Buffer.from([0xf5]);
const NULL = Buffer.from([0xf6]);
const EPOCH = Buffer.from([0xc1]);

function writeText(text: string, parts: Uint8Array[]): void {
  const bytes = Buffer.from(text);
  parts.push(head(3, bytes.length), bytes);
}

function writeNumber(value: number, parts: Uint8Array[]): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    parts.push(value >= 0 ? head(0, value) : head(1, -1 - value));
    return;
  }
  const bytes = Buffer.alloc(9);
  bytes[0] = 0xfb;
  bytes.writeDoubleBE(value, 1);
  parts.push(bytes);
}

function writeInteger(value: bigint, parts: Uint8Array[]): void {
  const magnitude = value < 0n ? -1n - value : value;
  const hex = magnitude.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  if (magnitude <= BigInt(Number.MAX_SAFE_INTEGER)) parts.push(head(value < 0n ? 1 : 0, Number(magnitude)));
  else parts.push(Buffer.from([value < 0n ? 0xc3 : 0xc2]), head(2, bytes.length), bytes);
}

/** A major type with its count, in the fewest bytes. */
function head(major: number, count: number): Buffer {
  const type = major << 5;
  if (count < 24) return Buffer.from([type | count]);
  if (count < 0x100) return Buffer.from([type | 24, count]);
  if (count < 0x1_0000) return Buffer.from([type | 25, count >> 8, count & 255]);
  const bytes = Buffer.alloc(count < 0x1_0000_0000 ? 5 : 9);
  if (bytes.length === 5) {
    bytes[0] = type | 26;
    bytes.writeUInt32BE(count, 1);
  } else {
    bytes[0] = type | 27;
    bytes.writeBigUInt64BE(BigInt(count), 1);
  }
  return bytes;
}
