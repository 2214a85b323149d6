import type { HttpEvent, LambdaContext } from '../../src/api/index.ts';

/** What a test changes about an event. */
export interface EventChanges {
  readonly headers?: Record<string, string>;
  /** Query, as it stands in the address. */
  readonly search?: string;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly cookies?: string[];
  readonly more?: object;
}

/** A context as Lambda gives it. */
export const context: LambdaContext = {
  awsRequestId: '41b45ea3-70b5-11e6-b7bd-69b5aaebc7d9',
  functionName: 'orders',
  memoryLimitInMB: '1024',
  getRemainingTimeInMillis: () => 3000,
};

const pairs = (search: string): [string, string][] => [...new URLSearchParams(search)];

const single = (search: string): Record<string, string> | null =>
  search === '' ? null : Object.fromEntries(pairs(search));

const multi = (search: string): Record<string, string[]> | null => {
  if (search === '') return null;
  const all: Record<string, string[]> = Object.create(null);
  for (const [name, value] of pairs(search)) all[name] = [...(all[name] ?? []), value];
  return all;
};

/** A name as HTTP/1.1 clients and CloudFront write it. */
const title = (name: string): string =>
  name
    .replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
    .replace('Cloudfront', 'CloudFront')
    .replace('Smarttv', 'SmartTV');

/** Event of a REST API, as it was recorded: with both forms of headers and query. */
export function restEvent(
  method: string,
  path: string,
  { headers = {}, search = '', body = null, isBase64Encoded = false, cookies, more }: EventChanges = {},
): HttpEvent {
  const all: Record<string, string> = {
    Host: 'abcdefghij.execute-api.us-east-1.amazonaws.com',
    'User-Agent': 'test/1.0',
    'X-Forwarded-For': '203.0.113.7',
  };
  for (const [name, value] of Object.entries(headers)) all[title(name)] = value;
  if (cookies !== undefined) all['Cookie'] = cookies.join('; ');
  return {
    resource: '/{proxy+}',
    path,
    httpMethod: method,
    headers: all,
    multiValueHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
    queryStringParameters: single(search),
    multiValueQueryStringParameters: multi(search),
    pathParameters: { proxy: path.slice(1) },
    stageVariables: { color: 'green' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdefghij',
      stage: 'stage',
      identity: { sourceIp: '203.0.113.7', userAgent: 'test/1.0' },
      httpMethod: method,
      path: `/stage${path}`,
      requestId: 'request-1',
    },
    body,
    isBase64Encoded,
    ...more,
  } as HttpEvent; // Real events have more fields than the framework reads.
}

/** Event of a REST API or HTTP API (payload 1.0) without the multi-value forms. */
export function restSingleEvent(method: string, path: string, changes: EventChanges = {}): HttpEvent {
  const { multiValueHeaders: _, multiValueQueryStringParameters: __, ...event } = restEvent(method, path, changes);
  return event;
}

/** Event of an HTTP API with payload 2.0. */
export function httpEvent(
  method: string,
  path: string,
  { headers = {}, search = '', body, isBase64Encoded = false, cookies, more }: EventChanges = {},
): HttpEvent {
  const joined: Record<string, string> = Object.create(null);
  for (const [name, value] of pairs(search))
    joined[name] = joined[name] === undefined ? value : `${joined[name]},${value}`;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: search,
    headers: {
      host: 'abcdefghij.execute-api.us-east-1.amazonaws.com',
      'user-agent': 'test/1.0',
      'x-forwarded-for': '203.0.113.7',
      ...headers,
    },
    ...(cookies === undefined ? {} : { cookies }),
    ...(search === '' ? {} : { queryStringParameters: joined }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdefghij',
      domainName: 'abcdefghij.execute-api.us-east-1.amazonaws.com',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'test/1.0' },
      requestId: 'request-1',
      stage: '$default',
    },
    ...(body === undefined || body === null ? {} : { body }),
    isBase64Encoded,
    ...more,
  } as HttpEvent; // Real events have more fields than the framework reads.
}

/** Event of a function URL: that of an HTTP API, from another domain. */
export function urlEvent(method: string, path: string, changes: EventChanges = {}): HttpEvent {
  const event = httpEvent(method, path, changes);
  return {
    ...event,
    requestContext: { ...event.requestContext, domainName: 'abcdefghij.lambda-url.us-east-1.on.aws' },
  };
}

/** Event of a load balancer without multi-value headers: the query is not decoded. */
export function albEvent(
  method: string,
  path: string,
  { headers = {}, search = '', body = '', isBase64Encoded = false, cookies, more }: EventChanges = {},
): HttpEvent {
  const raw = search === '' ? [] : search.split('&').map((pair) => pair.split('='));
  return {
    requestContext: {
      elb: {
        targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/orders/49e9d65c45c6791a',
      },
    },
    httpMethod: method,
    path,
    queryStringParameters: Object.fromEntries(raw.map(([name = '', value = '']) => [name, value])),
    headers: {
      host: 'lb-1.us-east-1.elb.amazonaws.com',
      'user-agent': 'test/1.0',
      'x-forwarded-for': '198.51.100.9, 203.0.113.7',
      ...headers,
      ...(cookies === undefined ? {} : { cookie: cookies.join('; ') }),
    },
    body,
    isBase64Encoded,
    ...more,
  };
}

/** Event of a load balancer with multi-value headers. */
export function albMultiEvent(method: string, path: string, changes: EventChanges = {}): HttpEvent {
  const { headers = {}, queryStringParameters: _, ...event } = albEvent(method, path, changes);
  const all: Record<string, string[]> = Object.create(null);
  for (const pair of changes.search === undefined || changes.search === '' ? [] : changes.search.split('&')) {
    const [name = '', value = ''] = pair.split('=');
    all[name] = [...(all[name] ?? []), value];
  }
  return {
    ...event,
    multiValueHeaders: Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, [value ?? '']])),
    multiValueQueryStringParameters: all,
  };
}

/** The console's test of a REST API's method: no headers at all. */
export function consoleEvent(method: string, path: string): HttpEvent {
  return restEvent(method, path, {
    more: {
      headers: null,
      multiValueHeaders: null,
      requestContext: {
        stage: 'test-invoke-stage',
        identity: { sourceIp: 'test-invoke-source-ip', userAgent: 'aws-internal/3' },
      },
    },
  });
}

/** Every kind of event, for behaviour that must be the same for all. */
export const kinds: readonly (readonly [
  name: string,
  make: (method: string, path: string, changes?: EventChanges) => HttpEvent,
])[] = [
  ['REST API', restEvent],
  ['REST API, single values', restSingleEvent],
  ['HTTP API', httpEvent],
  ['function URL', urlEvent],
  ['load balancer', albEvent],
  ['load balancer, multi-value', albMultiEvent],
];
