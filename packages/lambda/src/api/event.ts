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
  /** Last, or joined, value of each query parameter. */
  query(event: HttpEvent): Record<string, string>;
  multiValueQuery(event: HttpEvent): Record<string, string[]>;
  answer(status: number, type: string, headers: HeaderBag | undefined, body: string, base64: boolean): Answer;
}

/** Whatever answers with one text per header: puts the cookies where they belong, if there are several or they have a place of their own. */
function single(
  statusCode: number,
  type: string,
  headers: HeaderBag | undefined,
  body: string,
  isBase64Encoded: boolean,
  place: (cookies: string | string[]) => Partial<Answer> | undefined,
): Answer {
  if (headers === undefined) return { statusCode, headers: { 'content-type': type }, body, isBase64Encoded };
  const all = joined(type, headers);
  const cookies = headers['set-cookie'];
  const placed = cookies && place(cookies);
  if (placed === undefined) return { statusCode, headers: all, body, isBase64Encoded };
  delete all['set-cookie'];
  return { statusCode, headers: all, ...placed, body, isBase64Encoded };
}

const apart = (cookies: string | string[]): Partial<Answer> | undefined =>
  Array.isArray(cookies) ? { multiValueHeaders: { 'set-cookie': cookies } } : undefined;

const listOfCookies = (cookies: string | string[]): Partial<Answer> => ({ cookies: [cookies].flat() });

/** REST APIs, HTTP APIs with payload 1.0, and the consoles' test events. */
export const restSingle: EventSource = {
  name: 'apigateway',
  query: (event) => copy(event.queryStringParameters),
  multiValueQuery: (event) => copyAll(event.multiValueQueryStringParameters, event.queryStringParameters),
  answer: (status, type, headers, body, base64) =>
    // The gateway merges both maps; one header cannot hold several cookies.
    single(status, type, headers, body, base64, apart),
};

/** The same with a list of values for each header. */
export const restMulti: EventSource = {
  ...restSingle,
  answer: (statusCode, type, headers, body, isBase64Encoded) => ({
    statusCode,
    multiValueHeaders: headers === undefined ? { 'content-type': [type] } : listed(type, headers),
    body,
    isBase64Encoded,
  }),
};

/** HTTP APIs and function URLs with payload 2.0. */
const http: EventSource = {
  ...restSingle,
  multiValueQuery: (event) => parseAll(String(event.rawQueryString ?? '')),
  answer: (status, type, headers, body, base64) => single(status, type, headers, body, base64, listOfCookies),
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
  const values: MultiValues | Values = all ? all : single;
  for (const name in values) {
    if (name !== '__proto__')
      copied[read(name)] = [all ? (all[name] ?? []) : values[name]].flat().map((value) => read(String(value)));
  }
  return copied;
}

/** Headers with one text each. */
function joined(type: string, headers: HeaderBag): Record<string, string> {
  const single = new Bare<string>();
  if (type !== '') single['content-type'] = type;
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) single[name] = typeof value === 'string' ? value : value.join(',');
  }
  return single;
}

/** Headers with a list of values each. */
function listed(type: string, headers: HeaderBag): Record<string, string[]> {
  const all = new Bare<string[]>();
  if (type !== '') all['content-type'] = [type];
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) all[name] = typeof value === 'string' ? [value] : value;
  }
  return all;
}
