import type { HttpResponse } from '../../../kernel/endpoints.ts';
import { badRequest } from '../errors.ts';
import { type Exchange, header } from './exchange.ts';
import { commonLogTime, queryPairs } from './requestFields.ts';

/** What expressions are about. */
export interface Sources {
  readonly exchange: Exchange;
  /** The integration's answer, once there is one. */
  readonly response?: HttpResponse;
}

/** A value of a mapping, compiled. Undefined when what it names is not there. */
export type Expression = (sources: Sources) => string | undefined;

/**
 * A value of a parameter mapping: `$request.header.x`, `static`, or both with `${request.path.id}` in the text.
 *
 * @throws BadRequestException
 */
export function compileExpression(text: string): Expression {
  if (!text.includes('${')) return text.startsWith('$') ? selector(text.slice(1)) : () => text;
  const parts = text.split(/\$\{([^}]*)\}/).map((part, index) => (index % 2 === 0 ? () => part : selector(part)));
  return (sources) => parts.map((part) => part(sources) ?? '').join('');
}

function selector(path: string): Expression {
  const [root = '', kind = ''] = path.split('.');
  const name = path.split('.').slice(2).join('.');
  switch (`${root}.${kind}`) {
    case 'request.header':
      return ({ exchange }) => header(exchange, name.toLowerCase());
    case 'request.querystring':
      return ({ exchange }) => {
        const values = queryPairs(exchange.request.query).flatMap(([key, value]) => (key === name ? [value] : []));
        return values.length === 0 ? undefined : values.join(',');
      };
    case 'request.path':
      return ({ exchange }) => (name === '' ? exchange.path : exchange.parameters?.[name]);
    case 'request.body':
      return ({ exchange }) => within(exchange.request.body.toString('utf8'), name);
    case 'response.header':
      return ({ response }) => {
        const values = response?.headers.flatMap(([key, value]) =>
          key.toLowerCase() === name.toLowerCase() ? [value] : [],
        );
        return values === undefined || values.length === 0 ? undefined : values.join(',');
      };
    case 'response.body':
      return ({ response }) =>
        response === undefined ? undefined : within(Buffer.from(response.body).toString('utf8'), name);
    default:
      break;
  }
  if (root === 'stageVariables') return ({ exchange }) => exchange.stage.variables?.[kind];
  if (root === 'context') return ({ exchange }) => contextOf(exchange)[path.slice('context.'.length)];
  throw badRequest(`Invalid mapping expression specified: $${path}`);
}

/** A text, or what a path in its JSON leads to: `user.names[0]`. */
function within(body: string, path: string): string | undefined {
  if (path === '') return body;
  try {
    let value: unknown = JSON.parse(body);
    for (const part of path.replace(/\[(\d+)\]/g, '.$1').split('.')) {
      value = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
    }
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    return undefined; // no JSON has no parts
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
function contextOf(exchange: Exchange): Readonly<Record<string, string | undefined>> {
  const { stage, request, requestId, routeKey, stagePath, at } = exchange;
  return {
    accountId: stage.account,
    apiId: stage.apiId,
    domainName: stage.domainName,
    domainPrefix: stage.apiId,
    extendedRequestId: requestId,
    httpMethod: request.method,
    'identity.sourceIp': request.sourceIp,
    'identity.userAgent': header(exchange, 'user-agent'),
    path: stagePath,
    protocol: 'HTTP/1.1',
    requestId,
    requestTime: commonLogTime(at),
    requestTimeEpoch: String(at),
    routeKey,
    stage: stage.name,
  };
}
