import fc from 'fast-check';
import type { OperationSchema, Shape, StructureShape } from '../../src/protocols/schema.ts';
import { isEmpty, tidied } from './tidied.ts';

/** What a wire can carry. */
export interface WireLimits {
  /** Whether text may hold any character: XML knows no control characters. */
  readonly text: fc.Arbitrary<string>;
  /** Members of inputs and outputs that the client itself reads meaning into. */
  readonly fixed?: Readonly<Record<string, fc.Arbitrary<unknown>>>;
  /** Members of inputs and outputs that the client makes something else of. */
  readonly omitted?: readonly string[];
  /** Whether the wire tells an empty list or map from none. */
  readonly empties: boolean;
}

const NAMES = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,8}$/);
const HEADER_TEXT = fc.stringMatching(/^[!-~]([ -~]{0,12}[!-~])?$/);
const PATH_TEXT = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => text.isWellFormed());
const FIRST = Date.UTC(1970, 0, 2);
const LAST = Date.UTC(2099, 11, 31);
const INSTANTS = fc.integer({ min: FIRST, max: LAST });

/** Values of a shape as the body carries them. */
export function arbitraryValue(shape: Shape, limits: WireLimits, depth = 0): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'string':
      return limits.text;
    case 'number':
      return fc.oneof(
        fc.integer(),
        fc.double({ noNaN: true, min: -(2 ** 52), max: 2 ** 52 }).filter((n) => !Object.is(n, -0)),
      );
    case 'bigInteger':
      return fc.bigInt();
    case 'bigDecimal':
      return fc.integer();
    case 'boolean':
      return fc.boolean();
    case 'blob':
      return fc.uint8Array({ maxLength: 20 });
    case 'timestamp':
      return arbitraryDate(shape.format === 'http-date');
    case 'list':
      return depth > 4
        ? fc.constant([])
        : fc
            .array(arbitraryValue(shape.member, limits, depth + 1), { maxLength: 3 })
            .map((items) => items.filter((item) => isCarried(item, limits)));
    case 'map':
      return depth > 4
        ? fc.constant({})
        : fc
            .dictionary(NAMES, arbitraryValue(shape.value, limits, depth + 1), { maxKeys: 3, noNullPrototype: true })
            .map((record) => Object.fromEntries(Object.entries(record).filter(([, item]) => isCarried(item, limits))));
    case 'structure':
      return arbitraryRecord(shape, (target) => arbitraryValue(target, limits, depth + 1), limits, depth);
    case 'union':
      return fc.oneof(
        ...[...shape.members].map(([member, target]) =>
          arbitraryValue(target, limits, depth + 1).map((value) => ({ [member]: value })),
        ),
      );
    case 'document':
      return fc.jsonValue({ maxDepth: 2, noUnicodeString: true }).map((value) => ({ value }));
    case 'unit':
      return fc.constant({});
  }
}

/** Whether an item of a list or map leaves a trace on the wire. */
const isCarried = (item: unknown, { empties }: WireLimits): boolean => empties || !isEmpty(tidied(item, false));

const arbitraryDate = (seconds: boolean): fc.Arbitrary<Date> =>
  INSTANTS.map((at) => new Date(seconds ? Math.floor(at / 1000) * 1000 : at));

function arbitraryRecord(
  shape: StructureShape,
  valuesOf: (shape: Shape, member: string) => fc.Arbitrary<unknown>,
  { fixed = {}, omitted = [] }: WireLimits,
  depth: number,
): fc.Arbitrary<Record<string, unknown>> {
  const members = [...shape.members]
    .filter(([, target], index) => !isEventStream(target) && (depth < 4 || index < shape.required))
    .filter(([member]) => depth > 0 || !omitted.includes(member))
    .map(
      ([member, target]) =>
        [
          member,
          (depth === 0 ? fixed[member] : undefined) ?? fc.constant(null).chain(() => valuesOf(target, member)),
        ] as const,
    );
  const always = members
    .map(([member]) => member)
    .filter((member, index) => index < shape.required || isAlwaysThere(shape.members.get(member)));
  return fc.record(Object.fromEntries(members), { requiredKeys: always, noNullPrototype: true });
}

/** What a client or a server adds when it is not given: a token, a status, a body of no bytes. */
const isAlwaysThere = (shape: Shape | undefined): boolean =>
  shape !== undefined &&
  (shape.traits.idempotencyToken === 1 || shape.traits.httpResponseCode === 1 || shape.traits.httpPayload === 1);

const isEventStream = (shape: Shape): boolean => shape.kind === 'union' && shape.traits.streaming === 1;

/** Inputs of an operation, each member as its place on the wire can carry it. */
export const arbitraryInput = ({ input }: OperationSchema, limits: WireLimits): fc.Arbitrary<Record<string, unknown>> =>
  arbitraryRecord(input, (target) => arbitraryMember(target, limits), limits, 0);

/** Outputs of an operation. */
export const arbitraryOutput = (
  { output }: OperationSchema,
  limits: WireLimits,
): fc.Arbitrary<Record<string, unknown>> =>
  arbitraryRecord(output, (target) => arbitraryMember(target, limits), limits, 0);

/** An error's own members, its message excepted. */
export const arbitraryError = (shape: StructureShape, limits: WireLimits): fc.Arbitrary<Record<string, unknown>> =>
  arbitraryRecord(shape, (target) => arbitraryMember(target, limits), limits, 0).map((members) =>
    Object.fromEntries(Object.entries(members).filter(([member]) => member.toLowerCase() !== 'message')),
  );

function arbitraryMember(shape: Shape, limits: WireLimits): fc.Arbitrary<unknown> {
  const {
    httpLabel,
    httpHeader,
    httpQuery,
    httpQueryParams,
    httpPrefixHeaders,
    httpResponseCode,
    httpPayload,
    mediaType,
  } = shape.traits;
  if (httpResponseCode === 1) return fc.constantFrom(200, 202);
  if (httpLabel === 1) return arbitraryScalar(shape, PATH_TEXT, 'date-time');
  if (httpHeader !== undefined) {
    const text = mediaType === undefined ? HEADER_TEXT : fc.constant('{"a":1}');
    if (shape.kind !== 'list') return arbitraryScalar(shape, text, 'http-date');
    return fc.array(arbitraryScalar(shape.member, text, 'http-date'), { minLength: 1, maxLength: 3 });
  }
  if (httpPrefixHeaders !== undefined)
    return fc.dictionary(
      NAMES.map((name) => name.toLowerCase()),
      HEADER_TEXT,
      { minKeys: 1, maxKeys: 3, noNullPrototype: true },
    );
  if (httpQuery !== undefined) {
    if (shape.kind !== 'list') return arbitraryScalar(shape, limits.text, 'date-time');
    return fc.array(arbitraryScalar(shape.member, limits.text, 'date-time'), { minLength: 1, maxLength: 3 });
  }
  if (httpQueryParams === 1)
    return fc.dictionary(
      NAMES.map((name) => `q-${name}`),
      limits.text,
      { minKeys: 1, maxKeys: 3, noNullPrototype: true },
    );
  if (httpPayload === 1 && shape.kind === 'blob') return fc.uint8Array({ minLength: 1, maxLength: 20 });
  return arbitraryValue(shape, limits, 1);
}

function arbitraryScalar(
  shape: Shape,
  text: fc.Arbitrary<string>,
  format: 'http-date' | 'date-time',
): fc.Arbitrary<unknown> {
  if (shape.kind === 'string') return text;
  if (shape.kind === 'timestamp') return arbitraryDate((shape.format ?? format) === 'http-date');
  if (shape.kind === 'number') return fc.integer();
  return arbitraryValue(shape, { text, empties: true });
}
