import type { Cors } from '@aws-sdk/client-apigatewayv2';
import type { HttpRequest, HttpResponse } from '../../../kernel/endpoints.ts';
import { header } from './exchange.ts';

type Headers = readonly (readonly [name: string, value: string])[];

/** The gateway's answer to an OPTIONS request that no route takes. */
export const preflightAnswer = (cors: Cors, request: HttpRequest): HttpResponse => ({
  status: 204,
  headers: corsHeaders(cors, request),
  body: '',
});

/** An integration's answer with the API's CORS headers instead of its own. Only an answer to a request with an origin has them. */
export function withCors(cors: Cors, request: HttpRequest, response: HttpResponse): HttpResponse {
  const own = response.headers.filter(([name]) => !name.toLowerCase().startsWith('access-control-'));
  return { ...response, headers: [...own, ...corsHeaders(cors, request)] };
}

function corsHeaders(cors: Cors, request: HttpRequest): Headers {
  const origin = header({ request }, 'origin');
  const allowed = origin === undefined ? undefined : allowedOrigin(cors.AllowOrigins ?? [], origin);
  if (allowed === undefined) return [];
  const headers: [string, string][] = [['access-control-allow-origin', allowed]];
  if (cors.AllowCredentials === true) headers.push(['access-control-allow-credentials', 'true']);
  const isPreflight =
    request.method === 'OPTIONS' && header({ request }, 'access-control-request-method') !== undefined;
  if (isPreflight) {
    list(headers, 'access-control-allow-methods', cors.AllowMethods);
    list(headers, 'access-control-allow-headers', cors.AllowHeaders);
    if (cors.MaxAge !== undefined) headers.push(['access-control-max-age', String(cors.MaxAge)]);
  }
  list(headers, 'access-control-expose-headers', cors.ExposeHeaders);
  return headers;
}

/** What the answer names as allowed: any origin, or the one that asks; `https://*` allows those of its scheme. */
function allowedOrigin(allowed: readonly string[], origin: string): string | undefined {
  if (allowed.includes('*')) return '*';
  const isAllowed = allowed.some((item) =>
    item.endsWith('://*')
      ? origin.toLowerCase().startsWith(item.slice(0, -1).toLowerCase())
      : item.toLowerCase() === origin.toLowerCase(),
  );
  return isAllowed ? origin : undefined;
}

function list(headers: [string, string][], name: string, values: readonly string[] | undefined): void {
  if (values !== undefined && values.length > 0) headers.push([name, values.join(',')]);
}
