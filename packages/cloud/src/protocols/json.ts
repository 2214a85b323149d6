import { AwsError } from '../kernel/awsError.ts';
import { RawJson, type Shape, type StructureShape } from './schema.ts';
import { dateOf, readTimestamp, writeTimestamp } from './timestamps.ts';

/**
 * JSON readers and writers, compiled once per shape from the SDK's schemas: a reader checks types and converts blobs and timestamps in place, a
 * writer builds the text. The SDK's own codec costs five to seven times as much on this path.
 */

/** Checks a parsed JSON value against a shape, and gives it in the SDK's types. */
export type JsonReader = (value: unknown) => unknown;
/** The JSON text of a value of the SDK's types. */
export type JsonWriter = (value: unknown) => string;

/** How a protocol's JSON differs from another's. */
export interface JsonDialect {
  /** Names of shapes that are passed on as they are. */
  readonly wireForm: ReadonlySet<string>;
  /** Whether the trait `jsonName` counts, as in REST-JSON. */
  readonly jsonNames: boolean;
}

// Not imported: an import of node:buffer loads its blobs and files too.
const { isUtf8 } = process.getBuiltinModule('node:buffer');

const refuse = (message: string): AwsError => new AwsError('SerializationException', 400, message);

const malformed = (): AwsError => refuse('Could not parse request body into json: the body is not well-formed JSON');

/** JSON text as bytes to a value. @throws {AwsError} `SerializationException` when it is none, or nested too deeply */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw malformed();
  const text = bytes.toString('utf8');
  if (isTooDeep(text)) throw refuse('The body of the request is nested too deeply');
  try {
    return JSON.parse(text);
  } catch {
    throw malformed();
  }
}

/** Deeper than this what follows the parser, which calls itself for each level, could run out of stack. */
const MAX_DEPTH = 500;

function isTooDeep(text: string): boolean {
  if (text.length < 2 * MAX_DEPTH || !hasMany(text, '{', '[')) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > MAX_DEPTH) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

/** Whether one of two characters comes so often that the text may be deep: most have few, and are told by this alone. */
function hasMany(text: string, one: string, other: string): boolean {
  let count = 0;
  for (const character of [one, other]) {
    for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) {
      if (++count > MAX_DEPTH) return true;
    }
  }
  return false;
}

/** What AWS's own parser calls a JSON value that it did not expect. */
function tokenOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 'STRING_VALUE';
    case 'number':
      return Number.isInteger(value) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
    case 'boolean':
      return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
    default:
      return '';
  }
}

function mismatch(value: unknown, wanted: string): AwsError {
  if (Array.isArray(value)) return refuse('Unrecognized collection type class java.util.ArrayList');
  if (typeof value === 'object') return refuse('Start of structure or map found where not expected.');
  return refuse(`${tokenOf(value)} can not be converted to ${wanted}`);
}

/** Compiles and keeps the readers and writers of one service. */
export class JsonCodec {
  readonly #dialect: JsonDialect;
  readonly #readers = new Map<Shape, JsonReader>();
  readonly #writers = new Map<Shape, JsonWriter>();

  constructor(dialect: JsonDialect) {
    this.#dialect = dialect;
  }

  reader(shape: Shape): JsonReader {
    let reader = this.#readers.get(shape);
    if (reader === undefined) {
      // Shapes refer to each other in circles: whoever asks meanwhile gets one that looks the finished one up.
      this.#readers.set(shape, (value) => this.#readers.get(shape)?.(value));
      reader = this.#compileReader(shape);
      this.#readers.set(shape, reader);
    }
    return reader;
  }

  writer(shape: Shape): JsonWriter {
    let writer = this.#writers.get(shape);
    if (writer === undefined) {
      this.#writers.set(shape, (value) => this.#writers.get(shape)?.(value) ?? 'null');
      writer = this.#compileWriter(shape);
      this.#writers.set(shape, writer);
    }
    return writer;
  }

  /** The name that a member has in JSON. */
  nameOf(member: string, shape: Shape): string {
    return (this.#dialect.jsonNames ? shape.traits.jsonName : undefined) ?? member;
  }

  #isWireForm(shape: Shape): boolean {
    return 'name' in shape && this.#dialect.wireForm.has(shape.name);
  }

  #compileReader(shape: Shape): JsonReader {
    if (this.#isWireForm(shape)) return (value) => value;
    switch (shape.kind) {
      case 'string':
        return (value) => {
          if (typeof value === 'string') return value;
          throw mismatch(value, 'String');
        };
      case 'number':
        return readNumber;
      case 'bigInteger':
        return (value) => {
          const number = readNumber(value);
          if (!Number.isInteger(number)) throw mismatch(value, 'an Integer');
          return BigInt(number);
        };
      case 'bigDecimal':
        return readNumber;
      case 'boolean':
        return (value) => {
          if (typeof value === 'boolean') return value;
          throw mismatch(value, 'Boolean');
        };
      case 'blob':
        return readBlob;
      case 'timestamp':
        return readDate;
      case 'list':
        return this.#listReader(this.reader(shape.member), shape.traits.sparse === 1);
      case 'map':
        return this.#mapReader(this.reader(shape.value), shape.traits.sparse === 1);
      case 'structure':
      case 'union':
        return this.#structureReader(shape);
      default:
        return (value) => value;
    }
  }

  #listReader(read: JsonReader, sparse: boolean): JsonReader {
    return (value) => {
      if (!Array.isArray(value)) {
        throw typeof value === 'object' ? mismatch(value, '') : refuse('Expected list or null');
      }
      for (let index = 0; index < value.length; index++) {
        const item: unknown = value[index];
        if (item !== null) value[index] = read(item);
        else if (!sparse) value[index] = undefined;
      }
      return value;
    };
  }

  #mapReader(read: JsonReader, sparse: boolean): JsonReader {
    return (value) => {
      const record = recordOf(value);
      for (const key of Object.keys(record)) {
        const item = record[key];
        if (item !== null) setOwn(record, key, read(item));
        else if (!sparse) delete record[key];
      }
      return record;
    };
  }

  #structureReader(shape: StructureShape): JsonReader {
    const members = new Map<string, { readonly member: string; readonly read: JsonReader }>();
    for (const [member, target] of shape.members) {
      members.set(this.nameOf(member, target), { member, read: this.reader(target) });
    }
    return (value) => {
      const record = recordOf(value);
      for (const key of Object.keys(record)) {
        const known = members.get(key);
        const item = record[key];
        if (known === undefined || item === null) {
          delete record[key];
          continue;
        }
        const read = known.read(item);
        if (known.member === key) {
          if (read !== item) record[key] = read;
        } else {
          delete record[key];
          record[known.member] = read;
        }
      }
      return record;
    };
  }

  #compileWriter(shape: Shape): JsonWriter {
    if (this.#isWireForm(shape)) return writeAny;
    switch (shape.kind) {
      case 'string':
        return writeString;
      case 'number':
        return writeNumber;
      case 'boolean':
        return (value) => (value === true ? 'true' : 'false');
      case 'bigInteger':
      case 'bigDecimal':
        return String;
      case 'blob':
        return (value) => `"${toBuffer(value).toString('base64')}"`;
      case 'timestamp': {
        const { format = 'epoch-seconds' } = shape;
        if (format === 'epoch-seconds') return (value) => String((value as Date).getTime() / 1000); // a timestamp in the SDK's types
        return (value) => `"${writeTimestamp(value as Date, format)}"`;
      }
      case 'list': {
        const write = this.writer(shape.member);
        return (value) => writeList(value as readonly unknown[], write); // a list in the SDK's types
      }
      case 'map': {
        const write = this.writer(shape.value);
        return (value) => writeMap(value as Readonly<Record<string, unknown>>, write); // a map in the SDK's types
      }
      case 'structure':
      case 'union':
        return this.#structureWriter(shape);
      default:
        return writeAny;
    }
  }

  #structureWriter(shape: StructureShape): JsonWriter {
    const members = [...shape.members].map(([member, target]) => ({
      member,
      prefix: `${JSON.stringify(this.nameOf(member, target))}:`,
      write: this.writer(target),
    }));
    return (value) => {
      if (value instanceof RawJson) return value.text;
      const record = value as Readonly<Record<string, unknown>>; // a structure in the SDK's types
      let text = '{';
      for (const { member, prefix, write } of members) {
        const item = record[member];
        if (item === undefined || item === null) continue;
        text += text.length === 1 ? prefix + write(item) : `,${prefix}${write(item)}`;
      }
      return `${text}}`;
    };
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>; // parsed JSON
  if (Array.isArray(value)) throw refuse('Unrecognized collection type class java.util.ArrayList');
  throw refuse(
    value === null ? 'Expected null' : `Unexpected token ${tokenOf(value)} where a structure or map was expected`,
  );
}

/** An assignment to `__proto__` would set the prototype; JSON.parse makes an own member of it, and so it stays. */
function setOwn(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') record[key] = value;
  else Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
}

function readNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  throw mismatch(value, 'an Integer');
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function readBlob(value: unknown): Uint8Array {
  if (typeof value !== 'string') throw mismatch(value, 'a Blob');
  if (!BASE64.test(value)) throw refuse('The value of a blob is not valid base64');
  return Buffer.from(value, 'base64');
}

function readDate(value: unknown): Date {
  const date = typeof value === 'number' ? dateOf(value) : typeof value === 'string' ? readTimestamp(value) : undefined;
  if (date === undefined) throw mismatch(value, 'a Timestamp');
  return date;
}

// JSON.stringify is dear for short plain text, of which most answers consist.
const PLAIN = /^[ !#-[\]-~]*$/;

const writeString: JsonWriter = (value) => {
  const text = value as string; // a string in the SDK's types
  return text.length < 64 && PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
};

const writeNumber: JsonWriter = (value) => {
  const number = value as number; // a number in the SDK's types
  return Number.isFinite(number) ? String(number) : `"${number}"`;
};

const writeAny: JsonWriter = (value) => {
  if (value instanceof RawJson) return value.text;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return JSON.stringify(value);
};

function writeList(items: readonly unknown[] | RawJson, write: JsonWriter): string {
  if (items instanceof RawJson) return items.text;
  let text = '[';
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (index > 0) text += ',';
    text += item === undefined || item === null ? 'null' : write(item);
  }
  return `${text}]`;
}

function writeMap(record: Readonly<Record<string, unknown>> | RawJson, write: JsonWriter): string {
  if (record instanceof RawJson) return record.text;
  let text = '{';
  for (const key of Object.keys(record)) {
    const item = record[key];
    if (item === undefined) continue;
    text += `${text.length === 1 ? '' : ','}${JSON.stringify(key)}:${item === null ? 'null' : write(item)}`;
  }
  return `${text}}`;
}

/** The bytes of a value of a blob: text stands for its UTF-8. */
export function toBuffer(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return Buffer.from(String(value));
}
