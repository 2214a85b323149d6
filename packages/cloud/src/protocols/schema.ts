/**
 * What the SDK's client packages say of the wire, as shapes that the protocols compile readers and writers from. The SDK's own schema format
 * (arrays of numbers and thunks) is semi-internal: this is the only file that knows it.
 */

/** How a timestamp stands on the wire, where the schema says so. */
export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

/** Traits of a member or shape: the names that Smithy gives them. https://smithy.io/2.0/spec/model.html#traits */
export interface Traits {
  readonly httpLabel?: 1;
  readonly httpPayload?: 1;
  readonly httpResponseCode?: 1;
  readonly httpQueryParams?: 1;
  readonly httpHeader?: string;
  readonly httpQuery?: string;
  readonly httpPrefixHeaders?: string;
  readonly http?: readonly [method: string, uri: string, code: number];
  readonly httpError?: number;
  readonly error?: 'client' | 'server';
  readonly awsQueryError?: readonly [code: string, status: number];
  readonly jsonName?: string;
  readonly xmlName?: string;
  readonly xmlFlattened?: 1;
  readonly xmlAttribute?: 1;
  readonly xmlNamespace?: readonly [prefix: string, uri: string];
  readonly streaming?: 1;
  readonly sparse?: 1;
  readonly mediaType?: string;
  readonly eventHeader?: 1;
  readonly eventPayload?: 1;
  readonly idempotencyToken?: 1;
}

interface Base {
  readonly traits: Traits;
  /** Those of the member alone, where its own count and the target's do not: `xmlName`. */
  readonly memberTraits?: Traits;
}

export interface SimpleShape extends Base {
  readonly kind: 'string' | 'number' | 'boolean' | 'bigInteger' | 'bigDecimal' | 'document' | 'unit';
}

export interface BlobShape extends Base {
  readonly kind: 'blob';
  readonly streaming: boolean;
}

export interface TimestampShape extends Base {
  readonly kind: 'timestamp';
  readonly format: TimestampFormat | undefined;
}

export interface ListShape extends Base {
  readonly kind: 'list';
  readonly name: string;
  readonly member: Shape;
}

export interface MapShape extends Base {
  readonly kind: 'map';
  readonly name: string;
  readonly key: Shape;
  readonly value: Shape;
}

/** A structure or union, by member name in the order of the model. */
export interface StructureShape extends Base {
  readonly kind: 'structure' | 'union';
  readonly name: string;
  readonly members: ReadonlyMap<string, Shape>;
  /** How many of the first members are required. */
  readonly required: number;
}

/** A type as it stands on the wire, with the traits of the member that it was reached by. */
export type Shape = SimpleShape | BlobShape | TimestampShape | ListShape | MapShape | StructureShape;

/** An operation as the schema gives it. */
export interface OperationSchema {
  readonly name: string;
  readonly traits: Traits;
  readonly input: StructureShape;
  readonly output: StructureShape;
}

/** Things that are found by name: a map that is read only. */
export interface Named<T> {
  get(name: string): T | undefined;
  keys(): Iterable<string>;
  values(): Iterable<T>;
}

/** The wire of a service: its operations and errors by name. */
export interface ServiceSchema {
  readonly operations: Named<OperationSchema>;
  /** Modelled errors, by the name of the exception class. */
  readonly errors: Named<StructureShape>;
}

/** Text that a JSON writer splices in as it is: an item that was stored as JSON is never parsed to be passed on. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Static = readonly [kind: number, namespace: string, name: string, traits: unknown, ...rest: unknown[]];
type Reference = unknown;

const KIND = { simple: 0, list: 1, map: 2, structure: 3, error: -3, union: 4, operation: 9 } as const;
const TRAIT_BITS = [
  'httpLabel',
  'idempotent',
  'idempotencyToken',
  'sensitive',
  'httpPayload',
  'httpResponseCode',
  'httpQueryParams',
] as const;
const LIST_OF = 64;
const MAP_OF = 128;
const NO_TRAITS: Traits = {};

/**
 * The wire of a service, from the namespace of its SDK client package, where the schema of `PutItem` is exported as `PutItem$`. A schema is read
 * when it is first asked for: reading all of a package's costs milliseconds at the first request.
 */
export function readSchema(sdk: unknown): ServiceSchema {
  const exports = sdk as Readonly<Record<string, unknown>>; // a module's namespace
  return {
    operations: new Schemas(exports, KIND.operation, operationOf),
    errors: new Schemas(exports, KIND.error, (schema) => shapeOf(schema) as StructureShape), // an error is a structure
  };
}

/** The schemas of one kind, by their names. */
class Schemas<T> implements Named<T> {
  readonly #exports: Readonly<Record<string, unknown>>;
  readonly #kind: number;
  readonly #read: (schema: Static) => T;
  readonly #known = new Map<string, T>();

  constructor(exports: Readonly<Record<string, unknown>>, kind: number, read: (schema: Static) => T) {
    this.#exports = exports;
    this.#kind = kind;
    this.#read = read;
  }

  get(name: string): T | undefined {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const exportName = `${name}$`;
    const schema = Object.hasOwn(this.#exports, exportName) ? this.#exports[exportName] : undefined;
    if (!this.#isOne(schema)) return undefined;
    const read = this.#read(schema);
    this.#known.set(name, read);
    return read;
  }

  *keys(): IterableIterator<string> {
    for (const name of Object.keys(this.#exports)) {
      if (name.endsWith('$') && this.#isOne(this.#exports[name])) yield name.slice(0, -1);
    }
  }

  *values(): IterableIterator<T> {
    for (const name of this.keys()) {
      const value = this.get(name);
      if (value !== undefined) yield value;
    }
  }

  #isOne(schema: unknown): schema is Static {
    // The synthetic one is the base class of a client's errors.
    return isStatic(schema) && schema[0] === this.#kind && !schema[1].startsWith('smithy.ts.sdk.synthetic');
  }
}

function operationOf(schema: Static): OperationSchema {
  const [, , name, traits, input, output] = schema;
  let inputShape: StructureShape | undefined;
  let outputShape: StructureShape | undefined;
  return {
    name,
    traits: traitsOf(traits),
    get input() {
      return (inputShape ??= structureOf(input));
    },
    get output() {
      return (outputShape ??= structureOf(output));
    },
  };
}

const EMPTY: StructureShape = { kind: 'structure', name: 'Unit', traits: NO_TRAITS, members: new Map(), required: 0 };

/** Whether an operation has no input or output at all. */
export const isUnit = (shape: StructureShape): boolean => shape === EMPTY;

function structureOf(reference: Reference): StructureShape {
  const shape = shapeOf(reference);
  return shape.kind === 'structure' || shape.kind === 'union' ? shape : EMPTY;
}

const cache = new WeakMap<object, Shape>();

function shapeOf(reference: Reference): Shape {
  const schema = dereference(reference);
  if (typeof schema === 'number') return simpleOf(schema, NO_TRAITS);
  if (schema === 'unit') return { kind: 'unit', traits: NO_TRAITS };
  if (!Array.isArray(schema)) throw new TypeError(`an SDK schema of a kind that is not known: ${String(schema)}`);
  if (schema.length === 2) return asMember(shapeOf(schema[0]), traitsOf(schema[1]));
  const known = cache.get(schema);
  if (known !== undefined) return known;
  if (!isStatic(schema)) throw new TypeError(`an SDK schema of a length that is not known: ${schema.length}`);
  const shape = staticOf(schema);
  cache.set(schema, shape);
  return shape;
}

function staticOf(schema: Static): Shape {
  const [kind, , name, ownTraits, first, second, third] = schema;
  const traits = traitsOf(ownTraits);
  switch (kind) {
    case KIND.simple:
      return withTraits(shapeOf(first), traits);
    case KIND.list:
      return lazyList(name, traits, () => shapeOf(first));
    case KIND.map:
      return lazyMap(
        name,
        traits,
        () => shapeOf(first),
        () => shapeOf(second),
      );
    case KIND.structure:
    case KIND.error:
    case KIND.union:
      return lazyStructure(
        kind === KIND.union ? 'union' : 'structure',
        name,
        traits,
        first as string[],
        second as unknown[],
        typeof third === 'number' ? third : 0,
      ); // as its kind says
    default:
      throw new TypeError(`an SDK schema of a kind that is not known: ${kind} (${name})`);
  }
}

/** The number's low bits are a type, its high bits say a list or map of it. */
function simpleOf(code: number, traits: Traits): Shape {
  if (code >= MAP_OF) {
    const value = simpleOf(code & 63, NO_TRAITS);
    return { kind: 'map', name: '', traits, key: { kind: 'string', traits: NO_TRAITS }, value };
  }
  if (code >= LIST_OF) return { kind: 'list', name: '', traits, member: simpleOf(code & 63, NO_TRAITS) };
  switch (code) {
    case 0:
      return { kind: 'string', traits };
    case 1:
      return { kind: 'number', traits };
    case 2:
      return { kind: 'boolean', traits };
    case 4:
      return { kind: 'timestamp', format: undefined, traits };
    case 5:
      return { kind: 'timestamp', format: 'date-time', traits };
    case 6:
      return { kind: 'timestamp', format: 'http-date', traits };
    case 7:
      return { kind: 'timestamp', format: 'epoch-seconds', traits };
    case 15:
      return { kind: 'document', traits };
    case 17:
      return { kind: 'bigInteger', traits };
    case 19:
      return { kind: 'bigDecimal', traits };
    case 21:
      return { kind: 'blob', streaming: false, traits };
    case 42:
      return { kind: 'blob', streaming: true, traits };
    default:
      throw new TypeError(`an SDK schema of a simple type that is not known: ${code}`);
  }
}

// Shapes refer to each other in circles: what a shape consists of is looked up when it is first asked for.
function lazyList(name: string, traits: Traits, member: () => Shape): ListShape {
  let known: Shape | undefined;
  return {
    kind: 'list',
    name,
    traits,
    get member() {
      return (known ??= member());
    },
  };
}

function lazyMap(name: string, traits: Traits, key: () => Shape, value: () => Shape): MapShape {
  let knownKey: Shape | undefined;
  let knownValue: Shape | undefined;
  return {
    kind: 'map',
    name,
    traits,
    get key() {
      return (knownKey ??= key());
    },
    get value() {
      return (knownValue ??= value());
    },
  };
}

function lazyStructure(
  kind: 'structure' | 'union',
  name: string,
  traits: Traits,
  names: readonly string[],
  types: readonly unknown[],
  required: number,
): StructureShape {
  let known: Map<string, Shape> | undefined;
  return {
    kind,
    name,
    traits,
    required,
    get members() {
      return (known ??= new Map(names.map((member, index) => [member, shapeOf(types[index])])));
    },
  };
}

/** A shape as a member gives it. */
const asMember = (shape: Shape, memberTraits: Traits): Shape =>
  Object.defineProperty(withTraits(shape, memberTraits), 'memberTraits', { value: memberTraits });

/** The same shape under more traits. Its parts are still looked up lazily. */
function withTraits(shape: Shape, traits: Traits): Shape {
  return Object.defineProperties(Object.create(shape), {
    traits: { value: { ...shape.traits, ...traits }, enumerable: true },
  }) as Shape; // the shape itself is the prototype
}

function traitsOf(traits: unknown): Traits {
  if (typeof traits === 'object' && traits !== null) return traits as Traits; // by their Smithy names, as Traits lists them
  if (typeof traits !== 'number' || traits === 0) return NO_TRAITS;
  return Object.fromEntries(TRAIT_BITS.filter((_, bit) => (traits >> bit) & 1).map((name) => [name, 1]));
}

function dereference(reference: Reference): unknown {
  let value = reference;
  while (typeof value === 'function') value = value();
  return value;
}

const isStatic = (value: unknown): value is Static =>
  Array.isArray(value) && value.length >= 5 && typeof value[0] === 'number' && typeof value[2] === 'string';
