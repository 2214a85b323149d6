import { DEFAULT_ROUTE, parseRouteKey } from '../route.ts';

/** What a request's method and path lead to. */
export interface RouteMatch<Target> {
  readonly target: Target;
  readonly parameters: Readonly<Record<string, string>> | undefined;
}

/** A route as the table is told of it. */
export interface RouteEntry<Target> {
  readonly key: string;
  readonly target: Target;
}

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'greedy'; readonly name: string };

interface Pattern<Target> {
  readonly segments: readonly Segment[];
  readonly isGreedy: boolean;
  /** By method; `ANY` for those that have no route of their own. */
  readonly byMethod: Map<string, Target>;
}

const RANK: Readonly<Record<Segment['kind'], number>> = { literal: 0, parameter: 1, greedy: 2 };

/**
 * The routes of a stage, compiled: a path without greedy parameter comes before one with, the more literal before the less, a method before
 * `ANY`, and `$default` takes what is left.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export class RouteTable<Target> {
  readonly #literal = new Map<string, Map<string, Target>>();
  readonly #patterns: readonly Pattern<Target>[];
  readonly #default: Target | undefined;

  constructor(routes: readonly RouteEntry<Target>[]) {
    const patterns = new Map<string, Pattern<Target>>();
    for (const { key, target } of routes) {
      const { method, path } = parseRouteKey(key);
      if (method === undefined) continue;
      if (!path.includes('{')) {
        at(this.#literal, path, () => new Map<string, Target>()).set(method, target);
        continue;
      }
      const segments = path.slice(1).split('/').map(segmentOf);
      const shape = segments
        .map((segment) => (segment.kind === 'literal' ? segment.text : RANK[segment.kind]))
        .join('/');
      const isGreedy = segments.at(-1)?.kind === 'greedy';
      // Two methods of one path may name its parameters differently: they are patterns of their own then.
      at(patterns, `${shape} ${path}`, () => ({
        segments,
        isGreedy,
        byMethod: new Map<string, Target>(),
      })).byMethod.set(method, target);
    }
    this.#patterns = [...patterns.values()].sort(bySpecificity);
    this.#default = routes.find(({ key }) => key === DEFAULT_ROUTE)?.target;
  }

  /** @param path - decoded, beginning with a slash, without the stage */
  match(method: string, path: string): RouteMatch<Target> | undefined {
    const exact = this.#literal.get(path);
    const literal = exact?.get(method) ?? exact?.get('ANY');
    if (literal !== undefined) return { target: literal, parameters: undefined };
    if (this.#patterns.length > 0) {
      const segments = path.slice(1).split('/');
      for (const pattern of this.#patterns) {
        const target = pattern.byMethod.get(method) ?? pattern.byMethod.get('ANY');
        if (target === undefined) continue;
        const parameters = parametersOf(pattern.segments, segments);
        if (parameters !== undefined) return { target, parameters };
      }
    }
    return this.#default === undefined ? undefined : { target: this.#default, parameters: undefined };
  }
}

function at<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = create()));
  return value;
}

function segmentOf(text: string): Segment {
  const [, name, plus] = /^\{([^}+]+)(\+?)\}$/.exec(text) ?? [];
  if (name === undefined) return { kind: 'literal', text };
  return { kind: plus === '+' ? 'greedy' : 'parameter', name };
}

function bySpecificity(a: Pattern<unknown>, b: Pattern<unknown>): number {
  if (a.isGreedy !== b.isGreedy) return a.isGreedy ? 1 : -1;
  for (let index = 0; index < Math.min(a.segments.length, b.segments.length); index++) {
    const difference = rankAt(a, index) - rankAt(b, index);
    if (difference !== 0) return difference;
  }
  if (a.segments.length !== b.segments.length) return b.segments.length - a.segments.length;
  // Of two that differ only in their methods: the one without `ANY`.
  return Number(a.byMethod.has('ANY')) - Number(b.byMethod.has('ANY'));
}

const rankAt = ({ segments }: Pattern<unknown>, index: number): number => RANK[segments[index]?.kind ?? 'greedy'];

/** The path's parameters, or undefined when it does not fit. A parameter is never empty, but the rest after a slash may be: `/files/`. */
function parametersOf(pattern: readonly Segment[], path: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    const text = path[index];
    if (text === undefined) return undefined;
    if (segment.kind === 'greedy') {
      const rest = path.slice(index).join('/');
      if (rest === '' && index === 0) return undefined; // the root needs a route of its own
      parameters[segment.name] = rest;
      return parameters;
    }
    if (segment.kind === 'literal' ? segment.text !== text : text === '') return undefined;
    if (segment.kind === 'parameter') parameters[segment.name] = text;
  }
  return path.length === pattern.length ? parameters : undefined;
}
