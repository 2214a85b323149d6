import { DEFAULT_ROUTE, parseRouteKey } from '../route.ts';
import type { Exchange } from './exchange.ts';
import { header } from './exchange.ts';
import { addedHeaders, commonLogTime, HOP_BY_HOP, queryPairs, textBody } from './requestFields.ts';

/**
 * The event of payload format 1.0, which is that of REST APIs. What the request does not have is null.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function payload1(exchange: Exchange): Record<string, unknown> {
  const { stage, request, routeKey, stagePath, parameters, requestId, at } = exchange;
  const resource = parseRouteKey(routeKey).path;
  const headers = multiple(headersOf(exchange));
  const query = multiple(queryPairs(request.query));
  const { body, isBase64Encoded } = textBody(exchange);
  return {
    version: '1.0',
    resource,
    path: stagePath,
    httpMethod: request.method,
    headers: lastOf(headers),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: query.size === 0 ? null : lastOf(query),
    multiValueQueryStringParameters: query.size === 0 ? null : Object.fromEntries(query),
    requestContext: {
      accountId: stage.account,
      apiId: stage.apiId,
      domainName: stage.domainName,
      domainPrefix: stage.apiId,
      extendedRequestId: requestId,
      httpMethod: request.method,
      identity: {
        accessKey: null,
        accountId: null,
        caller: null,
        cognitoAmr: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: request.sourceIp,
        user: null,
        userAgent: header(exchange, 'user-agent') ?? '',
        userArn: null,
      },
      path: stagePath,
      protocol: 'HTTP/1.1',
      requestId,
      requestTime: commonLogTime(at),
      requestTimeEpoch: at,
      resourceId: routeKey === DEFAULT_ROUTE ? null : routeKey,
      resourcePath: resource,
      stage: stage.name,
    },
    pathParameters: parameters ?? null,
    stageVariables: stage.variables ?? null,
    body: body ?? null,
    isBase64Encoded,
  };
}

/** Names of which AWS fixes the case; all others are as the client wrote them. */
const CANONICAL: Readonly<Record<string, string>> = {
  'content-length': 'Content-Length',
  host: 'Host',
  'user-agent': 'User-Agent',
  'x-amzn-trace-id': 'X-Amzn-Trace-Id',
  'x-forwarded-for': 'X-Forwarded-For',
  'x-forwarded-port': 'X-Forwarded-Port',
  'x-forwarded-proto': 'X-Forwarded-Proto',
};

function headersOf(exchange: Exchange): (readonly [name: string, value: string])[] {
  const added = addedHeaders(exchange);
  const replaced = new Set(added.map(([name]) => name.toLowerCase()));
  const own = exchange.request.headers.flatMap(([name, value]): [string, string][] => {
    const key = name.toLowerCase();
    return replaced.has(key) || HOP_BY_HOP.has(key) ? [] : [[CANONICAL[key] ?? name, value]];
  });
  return [...own, ...added];
}

function multiple(pairs: readonly (readonly [name: string, value: string])[]): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = all.get(name);
    if (values === undefined) all.set(name, [value]);
    else values.push(value);
  }
  return all;
}

const lastOf = (all: ReadonlyMap<string, readonly string[]>): Record<string, string> =>
  Object.fromEntries([...all].map(([name, values]) => [name, values.at(-1) ?? '']));
