import type { Cors } from '@aws-sdk/client-lambda';
import type { HttpRequest, HttpResponse } from '../../../kernel/endpoints.ts';

type Headers = (readonly [name: string, value: string])[];

/** The answer to a browser's preflight request, which never reaches the function; undefined when it is none. */
export function preflight(request: HttpRequest, cors: Cors | undefined): HttpResponse | undefined {
  if (
    request.method !== 'OPTIONS' ||
    cors === undefined ||
    headerOf(request, 'access-control-request-method') === undefined
  ) {
    return undefined;
  }
  const headers = originHeaders(request, cors);
  if (headers.length > 0) {
    const { AllowMethods = [], AllowHeaders = [], MaxAge } = cors;
    if (AllowMethods.length > 0) headers.push(['access-control-allow-methods', AllowMethods.join(',')]);
    if (AllowHeaders.length > 0) headers.push(['access-control-allow-headers', AllowHeaders.join(',')]);
    if (MaxAge !== undefined) headers.push(['access-control-max-age', String(MaxAge)]);
  }
  return { status: 200, headers, body: '' };
}

/** The answer with the headers that let a page of another origin read it; the function's own ones give way. */
export function withCors(response: HttpResponse, request: HttpRequest, cors: Cors | undefined): HttpResponse {
  if (cors === undefined) return response;
  const { ExposeHeaders = [] } = cors;
  const own = response.headers.filter(([name]) => !name.toLowerCase().startsWith('access-control-'));
  const added = originHeaders(request, cors);
  if (added.length > 0 && ExposeHeaders.length > 0)
    added.push(['access-control-expose-headers', ExposeHeaders.join(',')]);
  return { ...response, headers: [...own, ...added] };
}

function originHeaders(request: HttpRequest, { AllowOrigins = [], AllowCredentials }: Cors): Headers {
  const origin = headerOf(request, 'origin');
  if (origin === undefined || !AllowOrigins.some((allowed) => matches(allowed, origin))) return [];
  const any = AllowOrigins.includes('*') && AllowCredentials !== true;
  return [
    ['access-control-allow-origin', any ? '*' : origin],
    ...(any ? [] : [['vary', 'Origin'] as const]),
    ...(AllowCredentials === true ? [['access-control-allow-credentials', 'true'] as const] : []),
  ];
}

function matches(allowed: string, origin: string): boolean {
  if (allowed === '*' || allowed === origin) return true;
  const star = allowed.indexOf('*');
  if (star < 0) return false;
  const [before, after] = [allowed.slice(0, star), allowed.slice(star + 1)];
  return origin.length >= before.length + after.length && origin.startsWith(before) && origin.endsWith(after);
}

const headerOf = ({ headers }: HttpRequest, wanted: string): string | undefined =>
  headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
