const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** One stream of random numbers (xoshiro128**), whose n-th draw depends on its seed and n alone. */
export class Stream {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  /** What it begins with when it is drawn from next. */
  #seed: string | undefined;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** Begins again, with a seed. */
  restart(seed: string): void {
    this.#seed = seed;
  }

  #begin(seed: string): void {
    this.#seed = undefined;
    this.#a = scatter(seed, 0x9e3779b9);
    this.#b = scatter(seed, 0x85ebca6b);
    this.#c = scatter(seed, 0xc2b2ae35);
    this.#d = scatter(seed, 0x27d4eb2f) | 1;
    // Seeds that are alike begin alike: the first draws set them apart.
    for (let draw = 0; draw < 16; draw++) this.next();
  }

  /** The next 32 bits, unsigned. */
  next(): number {
    if (this.#seed !== undefined) this.#begin(this.#seed);
    const scrambled = Math.imul(this.#b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** A number in [0, 1). */
  fraction(): number {
    return this.next() / 4_294_967_296;
  }

  /** A version 4 UUID. */
  uuid(): string {
    const a = this.next();
    const b = this.next();
    const c = this.next();
    const d = this.next();
    return `${hex32(a)}-${hex16(b >>> 16)}-4${hex16(b).slice(1)}-${hex16(0x8000 | ((c >>> 16) & 0x3fff))}-${hex16(c)}${hex32(d)}`;
  }

  /** `length` characters of A-Z and 2-7. */
  letters(length: number): string {
    let text = '';
    while (text.length < length) text += ALPHABET[this.next() & 31];
    return text;
  }
}

/** 32 bits of a text: FNV-1a from a start of its own, then mixed. (node:crypto would cost 5 ms at every start.) */
function scatter(text: string, start: number): number {
  let bits = start;
  for (let index = 0; index < text.length; index++) bits = Math.imul(bits ^ text.charCodeAt(index), 0x01000193);
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}

const hex16 = (value: number): string => `${HEX[(value >>> 8) & 255]}${HEX[value & 255]}`;
const hex32 = (value: number): string => `${hex16(value >>> 16)}${hex16(value)}`;

/**
 * Chance and ids, keyed by the resource that they are for: what one resource draws depends on the seed, its name and how often
 * it drew, never on what else runs. So ids do not depend on order.
 */
export class Random {
  seed: string;
  readonly #streams = new Map<string, Stream>();

  /** @param seed - the same seed gives the same draws; without one the machine's entropy is used */
  constructor(seed?: string | number) {
    this.seed = seed === undefined ? `${Math.random()}${Math.random()}` : String(seed);
  }

  /** Begins all streams again, those in use too. */
  restart(seed: string): void {
    this.seed = seed;
    for (const [key, stream] of this.#streams) stream.restart(`${seed}\0${key}`);
  }

  /** The stream of a resource: an ARN, a URL or any name that is unique in the cloud. */
  of(key: string): Stream {
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = new Stream(`${this.seed}\0${key}`);
      this.#streams.set(key, stream);
    }
    return stream;
  }
}
