import type { Principal } from '../../../kernel/credentials.ts';
import type { HttpRequest } from '../../../kernel/endpoints.ts';

/** What is known of a request to a function's URL beside the request itself. */
export interface UrlRequestContext {
  readonly account: string;
  /** The first part of the host name on AWS. */
  readonly urlId: string;
  /** The host name on AWS. */
  readonly domainName: string;
  readonly requestId: string;
  readonly traceHeader: string;
  /** The cloud's time, ms. */
  readonly now: number;
  /** Who signed it, under `AWS_IAM`. */
  readonly principal: Principal | undefined;
}

/**
 * The event that a function gets of a request to its URL: payload format 2.0.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
export function urlEvent(request: HttpRequest, context: UrlRequestContext): object {
  const { cookies, headers } = headersOf(request, context);
  const query = queryOf(request.query);
  const rawPath = decoded(request.path);
  const text = isText(headers['content-type']);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: request.query,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers,
    ...(query === undefined ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: context.principal === undefined ? 'anonymous' : context.account,
      apiId: context.urlId,
      ...(context.principal === undefined ? {} : { authorizer: { iam: iamOf(context.principal) } }),
      domainName: context.domainName,
      domainPrefix: context.urlId,
      http: {
        method: request.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: context.requestId,
      routeKey: '$default',
      stage: '$default',
      time: clfTime(context.now),
      timeEpoch: context.now,
    },
    ...(request.body.length === 0 ? {} : { body: request.body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.length > 0 && !text,
  };
}

/** Names in small letters, values of one name joined, cookies apart; and what AWS adds. */
function headersOf(
  request: HttpRequest,
  context: UrlRequestContext,
): { cookies: string[]; headers: Record<string, string> } {
  const cookies: string[] = [];
  const headers: Record<string, string> = {};
  for (const [sent, value] of request.headers) {
    const name = sent.toLowerCase();
    if (name === 'cookie') cookies.push(...value.split(/;\s*/));
    else if (name !== 'connection') headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  if (cookies.length > 0) headers['cookie'] = cookies.join('; ');
  headers['x-amzn-trace-id'] ??= context.traceHeader.split(';')[0] ?? '';
  headers['x-forwarded-for'] = request.sourceIp;
  headers['x-forwarded-port'] = '443';
  headers['x-forwarded-proto'] = 'https';
  return { cookies, headers };
}

function queryOf(query: string): Record<string, string> | undefined {
  if (query === '') return undefined;
  const result: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query))
    result[name] = Object.hasOwn(result, name) ? `${result[name]},${value}` : value;
  return result;
}

/** AWS gives the path decoded, where it can be. */
function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

const TEXT = /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded|[a-z0-9.+-]+\+(json|xml))\b)/i;

const isText = (contentType: string | undefined): boolean => contentType === undefined || TEXT.test(contentType);

function iamOf(principal: Principal): object {
  return {
    accessKey: '',
    accountId: principal.account,
    callerId: 'id' in principal ? principal.id : principal.account,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: principal.arn,
    userId: 'id' in principal ? principal.id : principal.account,
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `24/Nov/2026:06:12:31 +0000` */
function clfTime(at: number): string {
  const [date = '', time = ''] = new Date(at).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}
