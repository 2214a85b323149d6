import type { Exchange } from './exchange.ts';
import { header } from './exchange.ts';
import { addedHeaders, commonLogTime, HOP_BY_HOP, queryPairs, textBody } from './requestFields.ts';

/**
 * The event of payload format 2.0. What the request does not have is absent, not null.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function payload2(exchange: Exchange): Record<string, unknown> {
  const { stage, request, routeKey, stagePath, parameters, requestId, at } = exchange;
  const cookies = cookiesOf(exchange);
  const { body, isBase64Encoded } = textBody(exchange);
  return {
    version: '2.0',
    routeKey,
    rawPath: stagePath,
    rawQueryString: request.query,
    cookies,
    headers: headersOf(exchange),
    queryStringParameters: queryOf(request.query),
    requestContext: {
      accountId: stage.account,
      apiId: stage.apiId,
      domainName: stage.domainName,
      domainPrefix: stage.apiId,
      http: {
        method: request.method,
        path: stagePath,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: header(exchange, 'user-agent') ?? '',
      },
      requestId,
      routeKey,
      stage: stage.name,
      time: commonLogTime(at),
      timeEpoch: at,
    },
    pathParameters: parameters,
    stageVariables: stage.variables,
    body,
    isBase64Encoded,
  };
}

/** In lower case, several of one name joined with commas; cookies have a member of their own. */
function headersOf(exchange: Exchange): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of exchange.request.headers) {
    const key = name.toLowerCase();
    if (key === 'cookie' || HOP_BY_HOP.has(key)) continue;
    headers[key] = key in headers ? `${headers[key]},${value}` : value;
  }
  for (const [name, value] of addedHeaders(exchange)) headers[name.toLowerCase()] = value;
  return headers;
}

function cookiesOf({ request }: Exchange): string[] | undefined {
  let cookies: string[] | undefined;
  for (const [name, value] of request.headers) {
    if (name.length !== 6 || name.toLowerCase() !== 'cookie') continue;
    cookies = [...(cookies ?? []), ...value.split(/;\s*/).filter((cookie) => cookie !== '')];
  }
  return cookies;
}

function queryOf(query: string): Record<string, string> | undefined {
  const pairs = queryPairs(query);
  if (pairs.length === 0) return undefined;
  const parameters = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = parameters.get(name);
    parameters.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(parameters);
}
