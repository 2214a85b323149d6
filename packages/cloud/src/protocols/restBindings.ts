import { AwsError } from '../kernel/awsError.ts';
import { toBuffer } from './json.ts';
import { type Match, Routes } from './routes.ts';
import { bucketMatcher } from './s3Addresses.ts';
import { readScalar } from './scalars.ts';
import type { Shape, StructureShape } from './schema.ts';
import { writeTimestamp } from './timestamps.ts';
import type { ServiceWire, WireRequest, WireResponse } from './wire.ts';

/**
 * What REST-JSON and REST-XML share: which members of an input stand in path, query and headers, and which of an output in headers and status.
 * https://smithy.io/2.0/spec/http-bindings.html
 */

const routes = new WeakMap<ServiceWire, (request: WireRequest) => Match | undefined>();
const matches = new WeakMap<WireRequest, Match | undefined>();

/** The operation that method, path and query ask for. */
export function matchOf(service: ServiceWire, request: WireRequest): Match | undefined {
  if (matches.has(request)) return matches.get(request);
  let match = routes.get(service);
  if (match === undefined) routes.set(service, (match = matcherOf(service)));
  const found = match(request);
  matches.set(request, found);
  return found;
}

function matcherOf({ schema, protocol }: ServiceWire): (request: WireRequest) => Match | undefined {
  const operations = [...schema.operations.values()];
  if (protocol.s3 === true) return bucketMatcher(operations);
  const all = new Routes(operations);
  return ({ method, path, query, headers }) => all.match(method, path, query, headers);
}

/** Whether a member stands in the body, among others. */
const isBody = ({ traits }: Shape): boolean =>
  traits.httpLabel !== 1 &&
  traits.httpHeader === undefined &&
  traits.httpQuery === undefined &&
  traits.httpQueryParams !== 1 &&
  traits.httpPrefixHeaders === undefined &&
  traits.httpResponseCode !== 1 &&
  traits.httpPayload !== 1;

/** The member that is the whole body, when the structure has one. */
export const payloadOf = ({ members }: StructureShape): readonly [member: string, shape: Shape] | undefined => {
  for (const entry of members) if (entry[1].traits.httpPayload === 1) return entry;
  return undefined;
};

/** The part of the input that path, query and headers give. */
export function readBindings(
  service: ServiceWire,
  shape: StructureShape,
  request: WireRequest,
): Record<string, unknown> {
  const labels = matchOf(service, request)?.labels ?? {};
  const query = new URLSearchParams(request.query);
  const input: Record<string, unknown> = {};
  const bound = new Set<string>();
  for (const [member, target] of shape.members) {
    const { httpLabel, httpHeader, httpQuery, httpPrefixHeaders } = target.traits;
    if (httpLabel === 1) set(input, member, readText(target, labels[member]));
    else if (httpHeader !== undefined)
      set(input, member, readHeader(target, request.headers[httpHeader.toLowerCase()]));
    else if (httpPrefixHeaders !== undefined)
      set(input, member, prefixed(request.headers, httpPrefixHeaders.toLowerCase()));
    else if (httpQuery !== undefined) {
      bound.add(httpQuery);
      set(input, member, readQuery(target, query.getAll(httpQuery)));
    }
  }
  for (const [member, target] of shape.members) {
    if (target.traits.httpQueryParams === 1) set(input, member, otherQuery(target, query, bound));
  }
  return input;
}

/** The headers and status that an output's bound members give. */
export function writeBindings(
  shape: StructureShape,
  output: Readonly<Record<string, unknown>>,
  status: number,
): { status: number; headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  let code = status;
  for (const [member, target] of shape.members) {
    const value = output[member];
    if (value === undefined || value === null) continue;
    const { httpHeader, httpPrefixHeaders, httpResponseCode } = target.traits;
    if (httpHeader !== undefined) headers[httpHeader.toLowerCase()] = writeHeader(target, value);
    else if (httpPrefixHeaders !== undefined) {
      for (const [name, text] of Object.entries(value)) {
        if (/^[\w!#$%&'*+.^`|~-]+$/.test(name))
          headers[`${httpPrefixHeaders}${name}`.toLowerCase()] = headerText(String(text));
      }
    } else if (httpResponseCode === 1) code = Number(value);
  }
  return { status: code, headers };
}

/** A payload member that is a blob or text, whole or as a stream. */
export function writePayloadBytes(
  shape: Shape,
  value: unknown,
  headers: Record<string, string>,
): Pick<WireResponse, 'body' | 'stream'> {
  headers['content-type'] ??=
    shape.traits.mediaType ?? (shape.kind === 'string' ? 'text/plain' : 'application/octet-stream');
  return isStream(value) ? { body: '', stream: value } : { body: toBuffer(value) };
}

const isStream = (value: unknown): value is AsyncIterable<Uint8Array> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

function set(input: Record<string, unknown>, member: string, value: unknown): void {
  if (value !== undefined) input[member] = value;
}

function readHeader(shape: Shape, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (shape.kind === 'list') return splitList(text).map((item) => readText(shape.member, item));
  if (shape.traits.mediaType !== undefined) return Buffer.from(text, 'base64').toString('utf8');
  return readText(shape, text);
}

function readQuery(shape: Shape, values: readonly string[]): unknown {
  if (values.length === 0) return undefined;
  if (shape.kind === 'list') return values.map((value) => readText(shape.member, value));
  return readText(shape, values[0]);
}

function otherQuery(shape: Shape, query: URLSearchParams, bound: ReadonlySet<string>): unknown {
  const result: Record<string, string | string[]> = {};
  const lists = shape.kind === 'map' && shape.value.kind === 'list';
  for (const name of new Set(query.keys())) {
    if (!bound.has(name)) result[name] = lists ? query.getAll(name) : (query.get(name) ?? '');
  }
  return result;
}

function prefixed(headers: WireRequest['headers'], prefix: string): Record<string, string> | undefined {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** A scalar of path, query or header in the SDK's types. */
const readText = (shape: Shape, text: string | undefined): unknown =>
  text === undefined ? undefined : readScalar(shape, text, refuse);

const refuse = (message: string): AwsError => new AwsError('SerializationException', 400, message);

/** The structure of those members alone that stand in the body. */
export function bodyOf(shape: StructureShape): StructureShape {
  let body = bodies.get(shape);
  if (body === undefined) {
    const members = new Map([...shape.members].filter(([, member]) => isBody(member)));
    body = { kind: shape.kind, name: shape.name, traits: shape.traits, required: 0, members };
    bodies.set(shape, body);
  }
  return body;
}

const bodies = new WeakMap<StructureShape, StructureShape>();

function writeHeader(shape: Shape, value: unknown): string {
  switch (shape.kind) {
    case 'timestamp':
      return writeTimestamp(value as Date, shape.format ?? 'http-date'); // a timestamp in the SDK's types
    case 'list':
      return (value as readonly unknown[]).map((item) => quoteItem(writeHeader(shape.member, item))).join(', '); // a list in the SDK's types
    case 'blob':
      return toBuffer(value).toString('base64');
    default:
      return shape.traits.mediaType === undefined
        ? headerText(String(value))
        : Buffer.from(String(value)).toString('base64');
  }
}

/** Text as a header can carry it: no control characters, and what is not ASCII as RFC 2047 says, like S3. */
function headerText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
  const line = text.replace(/[\u0000-\u0008\u000a-\u001f\u007f]+/g, ' ');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them
  return /^[\u0000-\u007f]*$/.test(line) ? line : `=?UTF-8?B?${Buffer.from(line).toString('base64')}?=`;
}

const quoteItem = (text: string): string => (/[",]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text);

/** The items of a header that is a list: separated by commas, some in quotes; an HTTP date has a comma of its own. */
function splitList(text: string): string[] {
  const items = text.match(/"(?:[^"\\]|\\.)*"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [^,]*|[^,]+/g) ?? [];
  return items.map((item) => {
    const trimmed = item.trim();
    return trimmed.startsWith('"') ? trimmed.slice(1, -1).replace(/\\(.)/g, '$1') : trimmed;
  });
}
