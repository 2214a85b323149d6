import { Bare } from './bare.ts';
import { parseAll } from './queryString.ts';

type Values = Readonly<Record<string, string | undefined>> | null | undefined;
type MultiValues = Readonly<Record<string, readonly string[] | undefined>> | null | undefined;

/** The fields that the events of API Gateway, function URLs and load balancers have; which of them are there tells the events apart. */
export interface HttpEvent {
  readonly version?: string;
  readonly httpMethod?: string;
  readonly path?: string;
  readonly rawPath?: string;
  readonly rawQueryString?: string;
  readonly headers?: Values;
  readonly multiValueHeaders?: MultiValues;
  readonly queryStringParameters?: Values;
  readonly multiValueQueryStringParameters?: MultiValues;
  readonly cookies?: readonly string[];
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly pathParameters?: Values;
  readonly stageVariables?: Values;
  readonly requestContext?: RequestContext;
}

/** What the gateway or load balancer says about a request. */
export interface RequestContext {
  readonly stage?: string;
  readonly http?: {
    readonly method?: string;
    readonly path?: string;
    readonly sourceIp?: string;
    readonly userAgent?: string;
  };
  readonly identity?: { readonly sourceIp?: string | null; readonly userAgent?: string | null };
  readonly elb?: unknown;
  readonly authorizer?: unknown;
  readonly domainName?: string;
  readonly [field: string]: unknown;
}

/** What a function answers to an HTTP event. */
export interface Answer {
  readonly statusCode: number;
  readonly statusDescription?: string;
  readonly headers?: Record<string, string>;
  readonly multiValueHeaders?: Record<string, string[]>;
  readonly cookies?: string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Headers of an answer: one text, or several values of one header. */
export type HeaderBag = Record<string, string | string[]>;

/** Where an event comes from: how to read it, and in which shape its answer goes back. */
export interface EventSource {
  /** `apigateway` (also for function URLs) or `alb`. */
  readonly name: 'apigateway' | 'alb';
  method(event: HttpEvent): string;
  path(event: HttpEvent): string;
  /** Last, or joined, value of each query parameter. */
  query(event: HttpEvent): Record<string, string>;
  multiValueQuery(event: HttpEvent): Record<string, string[]>;
  answer(status: number, type: string, headers: HeaderBag | undefined, body: string, base64: boolean): Answer;
}

const first = (value: string | null | undefined, fallback: string): string =>
  typeof value === 'string' && value !== '' ? value : fallback;

/** REST APIs, HTTP APIs with payload 1.0, and the consoles' test events. */
export const restSingle: EventSource = {
  name: 'apigateway',
  method: (event) => first(event.httpMethod, 'GET'),
  path: (event) => first(event.path, '/'),
  query: (event) => copy(event.queryStringParameters),
  multiValueQuery: (event) => copyAll(event.multiValueQueryStringParameters, event.queryStringParameters),
  answer(status, type, headers, body, base64) {
    if (headers === undefined)
      return { statusCode: status, headers: { 'content-type': type }, body, isBase64Encoded: base64 };
    const cookies = headers['set-cookie'];
    const single = joined(type, headers);
    if (!Array.isArray(cookies)) return { statusCode: status, headers: single, body, isBase64Encoded: base64 };
    delete single['set-cookie'];
    // The gateway merges both maps; one header cannot hold several cookies.
    return {
      statusCode: status,
      headers: single,
      multiValueHeaders: { 'set-cookie': cookies },
      body,
      isBase64Encoded: base64,
    };
  },
};

const restMulti: EventSource = {
  ...restSingle,
  answer: (status, type, headers, body, base64) => ({
    statusCode: status,
    multiValueHeaders: headers === undefined ? { 'content-type': [type] } : listed(type, headers),
    body,
    isBase64Encoded: base64,
  }),
};

/** HTTP APIs and function URLs with payload 2.0. */
const http: EventSource = {
  name: 'apigateway',
  method: (event) => first(event.requestContext?.http?.method, 'GET'),
  path: (event) => first(event.rawPath, '/'),
  query: (event) => copy(event.queryStringParameters),
  multiValueQuery: (event) => parseAll(String(event.rawQueryString ?? '')),
  answer(status, type, headers, body, base64) {
    if (headers === undefined)
      return { statusCode: status, headers: { 'content-type': type }, body, isBase64Encoded: base64 };
    const single = joined(type, headers);
    const cookies = headers['set-cookie'];
    if (cookies === undefined) return { statusCode: status, headers: single, body, isBase64Encoded: base64 };
    delete single['set-cookie'];
    return { statusCode: status, headers: single, cookies: [cookies].flat(), body, isBase64Encoded: base64 };
  },
};

/** Tells the events of REST APIs, HTTP APIs and function URLs apart by their shape. */
export function gatewaySourceOf(event: HttpEvent): EventSource {
  if (event.requestContext?.http !== undefined) return http;
  return event.multiValueHeaders ? restMulti : restSingle;
}

const same = (text: string): string => text;

/** Query parameters as they are, each read by a function. */
export function copy(values: Values, read: (text: string) => string = same): Record<string, string> {
  const copied = new Bare<string>();
  for (const name in values) {
    if (name !== '__proto__') copied[read(name)] = read(String(values[name]));
  }
  return copied;
}

/** Query parameters with all their values, each read by a function. */
export function copyAll(
  all: MultiValues,
  single: Values,
  read: (text: string) => string = same,
): Record<string, string[]> {
  const copied = new Bare<string[]>();
  if (all) {
    for (const name in all) {
      if (name !== '__proto__') copied[read(name)] = [all[name] ?? []].flat().map((value) => read(String(value)));
    }
    return copied;
  }
  for (const name in single) {
    if (name !== '__proto__') copied[read(name)] = [read(String(single[name]))];
  }
  return copied;
}

/** Headers with one text each. */
export function joined(type: string, headers: HeaderBag): Record<string, string> {
  const single = new Bare<string>();
  if (type !== '') single['content-type'] = type;
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) single[name] = typeof value === 'string' ? value : value.join(',');
  }
  return single;
}

/** Headers with a list of values each. */
export function listed(type: string, headers: HeaderBag): Record<string, string[]> {
  const all = new Bare<string[]>();
  if (type !== '') all['content-type'] = [type];
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) all[name] = typeof value === 'string' ? [value] : value;
  }
  return all;
}
