import type { EventChanges } from './events.ts';

/** A route of a generated API. */
export interface OracleRoute {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly cookies: readonly string[];
  readonly header: string | undefined;
}

/** A request to it. */
export interface OracleRequest extends EventChanges {
  readonly kind: number;
  readonly method: string;
  readonly path: string;
}

/** What a client must see, whatever the shape of the event. */
export interface Expected {
  readonly status: number;
  readonly body: unknown;
  readonly cookies: readonly string[];
  readonly header: string | undefined;
  readonly allow: string | undefined;
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Kinds of segments, the most specific first. */
const RANK = { end: -1, static: 0, mixed: 1, param: 2, wildcard: 3 };

interface Match {
  readonly ranks: readonly number[];
  readonly params: Record<string, string>;
}

/** How a route's pattern fits a path, by trying segment by segment; `undefined` when it does not. */
function match(pattern: string, path: string): Match | undefined {
  const want = pattern === '/' ? [] : pattern.slice(1).split('/');
  const have = path === '/' ? [] : path.slice(1).split('/');
  const ranks: number[] = [];
  const params: Record<string, string> = {};
  for (const [index, segment] of want.entries()) {
    if (segment === '*') {
      if (have.length <= index && index > 0) return undefined;
      params['*'] = decode(have.slice(index).join('/'));
      ranks.push(RANK.wildcard);
      return { ranks, params };
    }
    const text = have[index];
    if (text === undefined) return undefined;
    if (!segment.startsWith(':')) {
      if (segment !== text && segment !== decode(text)) return undefined;
      ranks.push(RANK.static);
    } else if (segment === ':lat-:lng') {
      const found = /^(.[^-]*)-(.+)$/s.exec(text);
      if (found === null) return undefined;
      params['lat'] = decode(found[1] ?? '');
      params['lng'] = decode(found[2] ?? '');
      ranks.push(RANK.mixed);
    } else {
      if (text === '') return undefined;
      params[segment.slice(1)] = decode(text);
      ranks.push(RANK.param);
    }
  }
  return want.length === have.length ? { ranks: [...ranks, RANK.end], params } : undefined;
}

const before = (one: readonly number[], other: readonly number[]): boolean => {
  for (let index = 0; index < Math.min(one.length, other.length); index++) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
};

/** Routes for a method that share one pattern, the one that counts first: the method itself, ANY, and GET for HEAD. */
const methodRank = (route: OracleRoute, method: string): number =>
  route.method === method ? 0 : route.method === 'ANY' ? 1 : method === 'HEAD' && route.method === 'GET' ? 2 : 3;

/** The documented behaviour, as simply and as slowly as it can be written. */
export function expectedOf(
  routes: readonly OracleRoute[],
  request: OracleRequest,
  query: Record<string, string>,
  body: unknown,
): Expected {
  const path = request.path.replace(/\?.*$/s, '').replace(/(?<=.)\/+$/, '') || '/';
  const matches = routes.flatMap((route) => {
    const found = match(route.path, path);
    return found === undefined ? [] : [{ route, ...found }];
  });
  const usable = matches.filter(({ route }) => methodRank(route, request.method) < 3);
  const best = usable.reduce<(typeof usable)[number] | undefined>((winner, each) => {
    if (winner === undefined || before(each.ranks, winner.ranks)) return each;
    if (before(winner.ranks, each.ranks)) return winner;
    return methodRank(each.route, request.method) < methodRank(winner.route, request.method) ? each : winner;
  }, undefined);
  if (best === undefined) {
    const methods = new Set(matches.map(({ route }) => route.method));
    const exists = [...methods].some((method) => method !== 'OPTIONS');
    if (methods.has('GET')) methods.add('HEAD');
    const bodyless = request.method === 'HEAD';
    return exists
      ? {
          status: 405,
          body: bodyless ? '' : { error: 'Method not allowed' },
          cookies: [],
          header: undefined,
          allow: [...methods].sort().join(', '),
        }
      : {
          status: 404,
          body: bodyless ? '' : { error: 'Route not found' },
          cookies: [],
          header: undefined,
          allow: undefined,
        };
  }
  const { route, params } = best;
  const empty = route.status === 204 || route.status === 304 || request.method === 'HEAD';
  return {
    status: route.status,
    body: empty ? '' : { route: `${route.method} ${route.path}`, params, query, body },
    cookies: route.cookies.map((name) => `${name}=1; Path=/`),
    header: route.header,
    allow: undefined,
  };
}
