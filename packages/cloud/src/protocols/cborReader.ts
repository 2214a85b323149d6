/** The bytes are not CBOR, or more than the reader takes. */
export class CborError extends Error {
  override readonly name = 'CborError';
}

const MAX_DEPTH = 500;
const BREAK = Symbol('break');
const INDEFINITE = -1;

/**
 * The value of CBOR bytes: maps as records, byte strings as views of the bytes, integers beyond 2^53 as bigint, epoch times as dates.
 * https://www.rfc-editor.org/rfc/rfc8949
 *
 * @throws {CborError}
 */
export function parseCbor(bytes: Buffer): unknown {
  const parser = new Parser(bytes);
  const value = parser.value(0);
  if (value === BREAK) throw new CborError('a break ends nothing');
  if (!parser.isAtEnd) throw new CborError('there are bytes after the value');
  return value;
}

class Parser {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new CborError('the value is nested too deeply');
    const first = this.#take(1)[0] ?? 0;
    const major = first >> 5;
    const minor = first & 31;
    switch (major) {
      case 0:
        return this.#count(minor);
      case 1: {
        const count = this.#count(minor);
        return typeof count === 'bigint' || count === Number.MAX_SAFE_INTEGER ? -1n - BigInt(count) : -1 - count;
      }
      case 2:
        return this.#string(minor, major);
      case 3:
        return utf8(this.#string(minor, major));
      case 4:
        return this.#list(minor, depth);
      case 5:
        return this.#map(minor, depth);
      case 6:
        return tagged(this.#length(minor), this.#item(depth));
      default:
        return this.#simple(minor);
    }
  }

  #item(depth: number): unknown {
    const value = this.value(depth + 1);
    if (value === BREAK) throw new CborError('a break ends nothing');
    return value;
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new CborError('the value is cut off');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  #count(minor: number): number | bigint {
    if (minor < 24) return minor;
    if (minor === 24) return this.#take(1).readUInt8();
    if (minor === 25) return this.#take(2).readUInt16BE();
    if (minor === 26) return this.#take(4).readUInt32BE();
    if (minor !== 27) throw new CborError(`${minor} is no length`);
    const count = this.#take(8).readBigUInt64BE();
    return count <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(count) : count;
  }

  #length(minor: number): number {
    const count = this.#count(minor);
    if (typeof count === 'bigint') throw new CborError('a length is too large');
    return count;
  }

  #string(minor: number, major: number): Buffer {
    if (minor !== 31) return this.#take(this.#length(minor));
    const parts: Buffer[] = [];
    for (;;) {
      const first = this.#take(1)[0] ?? 0;
      if (first === 0xff) return Buffer.concat(parts);
      if (first >> 5 !== major) throw new CborError('a part of a string is of another type');
      parts.push(this.#take(this.#length(first & 31)));
    }
  }

  #list(minor: number, depth: number): unknown[] {
    const length = minor === 31 ? INDEFINITE : this.#length(minor);
    const items: unknown[] = [];
    while (items.length !== length) {
      const item = this.value(depth + 1);
      if (item !== BREAK) items.push(item);
      else if (length === INDEFINITE) break;
      else throw new CborError('a break ends nothing');
    }
    return items;
  }

  #map(minor: number, depth: number): Record<string, unknown> {
    const length = minor === 31 ? INDEFINITE : this.#length(minor);
    const record: Record<string, unknown> = {};
    for (let count = 0; count !== length; count++) {
      const key = this.value(depth + 1);
      if (key === BREAK && length === INDEFINITE) break;
      if (typeof key !== 'string') throw new CborError('a key is not text');
      const value = this.#item(depth);
      if (key !== '__proto__') record[key] = value;
      else Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
    }
    return record;
  }

  #simple(minor: number): unknown {
    switch (minor) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
        return null;
      case 23:
        return undefined;
      case 25:
        return half(this.#take(2).readUInt16BE());
      case 26:
        return this.#take(4).readFloatBE();
      case 27:
        return this.#take(8).readDoubleBE();
      case 31:
        return BREAK;
      default:
        throw new CborError(`${minor} is no simple value`);
    }
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8(bytes: Buffer): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new CborError('text is not UTF-8');
  }
}

/** A float of 16 bits. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function tagged(tag: number, value: unknown): unknown {
  if (tag === 1 && (typeof value === 'number' || typeof value === 'bigint'))
    return new Date(Math.round(Number(value) * 1000));
  if ((tag === 2 || tag === 3) && value instanceof Uint8Array) {
    if (value.length > 1024) throw new CborError('a number is too large');
    const magnitude = BigInt(`0x0${Buffer.from(value).toString('hex')}`);
    return tag === 2 ? magnitude : -1n - magnitude;
  }
  throw new CborError(`the tag ${tag} is not known`);
}
