import type { Route as RouteOutput } from '@aws-sdk/client-apigatewayv2';
import { badRouteKey } from './errors.ts';

/** A route of an API: which requests go to which integration. */
export interface Route extends Omit<RouteOutput, 'RouteId'> {
  readonly RouteId: string;
  readonly RouteKey: string;
}

/** What a route key says. */
export interface RouteKey {
  /** `GET`, `ANY`, …; undefined for `$default`. */
  readonly method: string | undefined;
  /** `/orders/{id}`; `$default` for `$default`. */
  readonly path: string;
}

export const DEFAULT_ROUTE = '$default';

const METHODS = new Set(['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/** @throws BadRequestException when it is none of an HTTP API */
export function parseRouteKey(key: string): RouteKey {
  if (key === DEFAULT_ROUTE) return { method: undefined, path: DEFAULT_ROUTE };
  const [, method = '', path = ''] = /^([A-Z]+) (\/\S*)$/.exec(key) ?? [];
  if (!METHODS.has(method) || !isRoutePath(path)) throw badRouteKey();
  return { method, path };
}

/** A greedy parameter stands at the end; no path but the root's ends in a slash. */
function isRoutePath(path: string): boolean {
  if (path === '/') return true;
  const segments = path.slice(1).split('/');
  return segments.every((segment, index) => {
    if (/^\{[\w.-]+\}$/.test(segment)) return true;
    if (/^\{[\w.-]+\+\}$/.test(segment)) return index === segments.length - 1;
    return segment !== '' && !/[{}?#]/.test(segment);
  });
}

/** The integration that a route's target names. */
export const integrationIdOf = (target: string | undefined): string | undefined =>
  /^integrations\/([^/]+)$/.exec(target ?? '')?.[1];
