import type { Answer } from '@skein/lambda/api';

/** A request, as a test makes it. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const urlOf = (path: string): URL => new URL(path, 'http://localhost');
const lists = (entries: Iterable<[string, string]>): Record<string, string[]> => {
  const all: Record<string, string[]> = {};
  for (const [name, value] of entries) (all[name] ??= []).push(value);
  return all;
};

/** What a REST API sends a function. */
export function restEvent({ method, path, headers, body }: Call): object {
  const { pathname, searchParams } = urlOf(path);
  return {
    resource: '/{proxy+}',
    path: pathname,
    httpMethod: method,
    headers,
    multiValueHeaders: lists(Object.entries(headers)),
    queryStringParameters: searchParams.size === 0 ? null : Object.fromEntries(searchParams),
    multiValueQueryStringParameters: searchParams.size === 0 ? null : lists(searchParams),
    pathParameters: { proxy: pathname.slice(1) },
    stageVariables: null,
    requestContext: {
      resourcePath: '/{proxy+}',
      httpMethod: method,
      path: `/prod${pathname}`,
      stage: 'prod',
      protocol: 'HTTP/1.1',
      identity: { sourceIp: '203.0.113.7', userAgent: 'test' },
    },
    body: body ?? null,
    isBase64Encoded: false,
  };
}

/** What a load balancer sends a function whose target group has multi-value headers: values of the query as they were typed. */
export function balancerEvent({ method, path, headers, body }: Call): object {
  const { pathname, search } = urlOf(path);
  const pairs = search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair): [string, string] => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? '']);
  return {
    requestContext: {
      elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/orders/1' },
    },
    httpMethod: method,
    path: pathname,
    multiValueQueryStringParameters: lists(pairs),
    multiValueHeaders: lists(Object.entries({ ...headers, 'x-forwarded-for': '203.0.113.7' })),
    body: body ?? '',
    isBase64Encoded: false,
  };
}

/** What a client gets of an answer. */
export function responseOf({ statusCode, body, isBase64Encoded, ...answer }: Answer): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries({ ...answer.headers, ...answer.multiValueHeaders })) {
    for (const value of [values].flat()) headers.append(name, String(value));
  }
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return new Response([204, 304].includes(statusCode) ? null : bytes, { status: statusCode, headers });
}
