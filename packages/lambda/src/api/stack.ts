import type { Handler, Middleware } from './functions.ts';
import { parsePattern, type Segment } from './pattern.ts';

/** A function of a stack: middleware or handler. */
export type StackFunction = Handler | Middleware;

/** A method and a path with the functions that run for it. */
export interface Route {
  readonly method: string;
  /** Pattern with base and prefix. */
  readonly path: string;
  /** Names of the parameters, in order. */
  readonly names: readonly string[];
  /** Functions in the order in which they run. */
  readonly stack: StackFunction[];
  /** Which of them are middleware: asking a function for its length costs more than the rest of the call. */
  readonly isMiddleware: boolean[];
}

/** Middleware that later routes inherit. */
interface Mount {
  readonly method: string;
  readonly segments: readonly Segment[];
  /** Also for the path in front of the wildcard: a prefix's own middleware. */
  readonly whole: boolean;
  readonly functions: readonly StackFunction[];
}

/**
 * The middleware defined so far. A route's stack is fixed when the route is defined: middleware of everything and of wildcards first, then that of
 * its own path, each in the order of definition.
 */
export class Mounts {
  readonly #mounts: Mount[] = [];

  /** Adds middleware for a path pattern. */
  add(method: string, path: string, functions: readonly StackFunction[], whole: boolean = false): void {
    this.#mounts.push({ method, segments: parsePattern(path), whole, functions });
  }

  /** Adds middleware that a route with a wildcard has, if it has any. */
  inherit(method: string, path: string, functions: readonly StackFunction[]): void {
    if (functions.length > 0) this.add(method, path, functions);
  }

  /** A new route with what it inherits. */
  route(method: string, path: string, names: readonly string[]): Route {
    const stack: StackFunction[] = [];
    if (this.#mounts.length > 0) this.#inherit(stack, method, parsePattern(path));
    return { method, path, names, stack, isMiddleware: stack.map(isMiddleware) };
  }

  #inherit(stack: StackFunction[], method: string, segments: readonly Segment[]): void {
    const applies = this.#mounts.filter((mount) => covers(mount, method, segments));
    for (const wild of [true, false])
      for (const mount of applies) if (isWildcard(mount) === wild) stack.push(...mount.functions);
  }
}

const isWildcard = ({ segments }: Mount): boolean => segments.at(-1)?.kind === 'wildcard';

function covers(mount: Mount, method: string, route: readonly Segment[]): boolean {
  if (mount.method !== 'ANY' && mount.method !== method) return false;
  const wild = isWildcard(mount);
  const fixed = wild ? mount.segments.slice(0, -1) : mount.segments;
  if (!wild && fixed.length !== route.length) return false;
  if (wild && route.length <= fixed.length && !(route.length === fixed.length && (mount.whole || fixed.length === 0)))
    return false;
  return fixed.every((segment, index) => sameSegment(segment, route[index]));
}

function sameSegment(one: Segment, other: Segment | undefined): boolean {
  if (other === undefined || one.kind !== other.kind) return false;
  if (one.kind === 'static' && other.kind === 'static') return one.text === other.text;
  if (one.kind === 'mixed' && other.kind === 'mixed') return one.separators.join('\n') === other.separators.join('\n');
  return true;
}

/** Whether a function asks for `next`, which makes it middleware. */
export const isMiddleware = (fn: { readonly length: number }): boolean => fn.length >= 3;
