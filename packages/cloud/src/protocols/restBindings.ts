import { AwsError } from '../kernel/awsError.ts';
import { toBuffer } from './json.ts';
import { type Match, Routes } from './routes.ts';
import type { Shape, StructureShape } from './schema.ts';
import { readTimestamp, writeTimestamp } from './timestamps.ts';
import type { ServiceWire, WireRequest } from './wire.ts';

/**
 * What REST-JSON and REST-XML share: which members of an input stand in path, query and headers, and which of an output in headers and status.
 * https://smithy.io/2.0/spec/http-bindings.html
 */

const routes = new WeakMap<ServiceWire, Routes>();

/** The operation that method, path and query ask for. */
export function matchOf(service: ServiceWire, { method, path, query }: WireRequest): Match | undefined {
  let known = routes.get(service);
  if (known === undefined) routes.set(service, (known = new Routes(service.schema)));
  return known.match(method, path, query);
}

/** Where a member is bound. */
export const isBody = ({ traits }: Shape): boolean =>
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
      for (const [name, text] of Object.entries(value))
        headers[`${httpPrefixHeaders}${name}`.toLowerCase()] = String(text);
    } else if (httpResponseCode === 1) code = Number(value);
  }
  return { status: code, headers };
}

/** The bytes of a payload member that is a blob or text. */
export const payloadBytes = (value: unknown): Buffer => toBuffer(value);

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
function readText(shape: Shape, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  switch (shape.kind) {
    case 'number': {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      if (Number.isNaN(value) && text !== 'NaN')
        throw new AwsError('SerializationException', 400, `${text} can not be converted to an Integer`);
      return value;
    }
    case 'bigInteger':
      return BigInt(text);
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      throw new AwsError('SerializationException', 400, `${text} can not be converted to a Boolean`);
    case 'timestamp': {
      const date = readTimestamp(text);
      if (date === undefined)
        throw new AwsError('SerializationException', 400, `${text} can not be converted to a Timestamp`);
      return date;
    }
    case 'blob':
      return Buffer.from(text, 'base64');
    default:
      return text;
  }
}

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
        ? String(value).replace(/[\r\n]+/g, ' ')
        : Buffer.from(String(value)).toString('base64');
  }
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
