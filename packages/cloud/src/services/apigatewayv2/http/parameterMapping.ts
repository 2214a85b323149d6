import type { HttpResponse } from '../../../kernel/endpoints.ts';
import { badRequest } from '../errors.ts';
import type { Exchange } from './exchange.ts';
import { queryPairs } from './requestFields.ts';
import { compileExpression, type Expression, type Sources } from './selection.ts';

/** Headers, or the names and values of a query, in order. */
export type Pairs = readonly (readonly [name: string, value: string])[];

interface Change {
  readonly action: 'append' | 'overwrite' | 'remove';
  readonly location: 'header' | 'querystring' | 'path' | 'statuscode';
  readonly name: string;
  readonly value: Expression;
}

/** What an integration changes of requests or answers: `overwrite:header.x`, `append:querystring.y`, `overwrite:path`. */
export class ParameterMapping {
  readonly #changes: readonly Change[];

  /** @throws BadRequestException when a key or a value is none that AWS knows */
  constructor(parameters: Readonly<Record<string, string>> = {}) {
    this.#changes = Object.entries(parameters).map(([key, value]) => changeOf(key, value));
  }

  headers(headers: Pairs, sources: Sources): Pairs {
    return this.#apply('header', headers, sources, (name) => name.toLowerCase());
  }

  /** The query as text; as it was when nothing changes it. */
  query(query: string, sources: Sources): string {
    if (!this.#changes.some(({ location }) => location === 'querystring')) return query;
    const pairs = this.#apply('querystring', queryPairs(query), sources, (name) => name);
    return pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  }

  /** The path that takes the place of the request's, if one does. */
  path(sources: Sources): string | undefined {
    const path = this.#last('path', sources);
    return path === undefined || path.startsWith('/') ? path : `/${path}`;
  }

  /** The request with its changes, for an integration that is told of it as a whole. */
  exchange(exchange: Exchange): Exchange {
    if (this.#changes.length === 0) return exchange;
    const sources = { exchange };
    const { request } = exchange;
    const headers = this.headers(request.headers, sources);
    const changed = { ...request, headers, query: this.query(request.query, sources) };
    const path = this.path(sources) ?? exchange.path;
    const stagePath = path === exchange.path ? exchange.stagePath : path;
    return { ...exchange, request: changed, path, stagePath };
  }

  response(response: HttpResponse, exchange: Exchange): HttpResponse {
    if (this.#changes.length === 0) return response;
    const sources = { exchange, response };
    const status = Number(this.#last('statuscode', sources) ?? response.status);
    return {
      ...response,
      status: Number.isInteger(status) && status >= 200 && status <= 599 ? status : response.status,
      headers: this.headers(response.headers, sources),
    };
  }

  #apply(location: Change['location'], before: Pairs, sources: Sources, key: (name: string) => string): Pairs {
    let pairs = before;
    for (const change of this.#changes) {
      if (change.location !== location) continue;
      const others = pairs.filter(([name]) => key(name) !== key(change.name));
      const value = change.action === 'remove' ? undefined : change.value(sources);
      if (change.action === 'remove') pairs = others;
      else if (value !== undefined) pairs = [...(change.action === 'append' ? pairs : others), [change.name, value]];
    }
    return pairs;
  }

  #last(location: Change['location'], sources: Sources): string | undefined {
    return this.#changes.findLast((change) => change.location === location)?.value(sources);
  }
}

const RESERVED =
  /^(access-control-.*|apigw-.*|authorization|connection|content-(encoding|length|location)|forwarded|keep-alive|origin|proxy-authenticat.*|te|trailers?|transfer-encoding|upgrade|x-amz-.*|x-amzn-.*|x-forwarded-.*|via)$/i;

function changeOf(key: string, value: string): Change {
  const [, action, location, name = ''] =
    /^(append|overwrite|remove):(header|querystring)\.(.+)$/.exec(key) ??
    /^(overwrite):(path|statuscode)$/.exec(key) ??
    [];
  if (action === undefined || location === undefined) {
    throw badRequest(
      `Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: ${key}]`,
    );
  }
  if (location === 'header' && RESERVED.test(name)) {
    throw badRequest(`Operations on header ${name} are restricted`);
  }
  // Both are words of the patterns above.
  return {
    action: action as Change['action'],
    location: location as Change['location'],
    name,
    value: compileExpression(value),
  };
}
