import { decode } from './decode.ts';
import { matchMixed } from './pattern.ts';

/** Whatever is found at a path: one value per method. */
type Methods<T> = Map<string, T>;

interface Node<T> {
  /** Where the next segment starts in the shapes that lead here. */
  readonly start: number;
  /** Shapes that lead here and are not in the tree yet. */
  waiting: { readonly shape: string; readonly methods: Methods<T> }[] | undefined;
  statics: Map<string, Node<T>> | undefined;
  mixed: { readonly shape: string; readonly separators: readonly string[]; readonly node: Node<T> }[] | undefined;
  param: Node<T> | undefined;
  wildcard: Node<T> | undefined;
  methods: Methods<T> | undefined;
}

const newNode = <T>(start: number): Node<T> => ({
  start,
  waiting: undefined,
  statics: undefined,
  mixed: undefined,
  param: undefined,
  wildcard: undefined,
  methods: undefined,
});

/** Stands for a method that nobody has asked for: that of any value. */
const WHICHEVER = '';

/** The value for a method: its own, else ANY's, else for HEAD the one of GET. */
const pick = <T>(methods: Methods<T>, method: string): T | undefined =>
  methods.get(method) ??
  methods.get('ANY') ??
  (method === 'HEAD' ? methods.get('GET') : method === WHICHEVER ? methods.values().next().value : undefined);

/**
 * Finds what is defined for a method and a path. Static paths are one look-up in a map; the others walk a tree by segments, and go back to try a
 * less specific branch (static, then several parameters, then one, then the wildcard) when one ends without a value for the method.
 * The time depends on the length of the path, not on the number of routes.
 *
 * The tree grows where requests walk: a cold start defines all routes, and mostly one of them is asked for.
 */
export class Router<T> {
  readonly #static = new Map<string, Methods<T>>();
  readonly #dynamic = new Map<string, Methods<T>>();
  readonly #root: Node<T> = newNode(1);

  /** What is defined at a path, for a method to be added. @param shape - of the path @param dynamic - whether it has parameters or a wildcard */
  at(shape: string, dynamic: boolean): Methods<T> {
    const known = dynamic ? this.#dynamic : this.#static;
    let methods = known.get(shape);
    if (methods === undefined) {
      known.set(shape, (methods = new Map()));
      (this.#root.waiting ??= []).push({ shape, methods });
    }
    return methods;
  }

  /** Finds the value for a request whose path is defined without any parameter. */
  findStatic(method: string, path: string): T | undefined {
    const methods = this.#static.get(path);
    return methods && pick(methods, method);
  }

  /**
   * Finds the value for a request.
   *
   * @param path without query and trailing slash.
   * @param values receives the raw values of the parameters, in order.
   */
  find(method: string, path: string, values: string[]): T | undefined {
    return walk(this.#root, method, path, 1, values);
  }

  /** Methods that are defined for a path, sorted; for the `allow` header. A wildcard that only answers OPTIONS does not make a path exist. */
  allowed(path: string, methods: Iterable<string>): string[] {
    // Mostly there is nothing at all.
    if (this.find(WHICHEVER, path, []) === undefined) return [];
    const names = new Set(methods);
    if (names.has('GET')) names.add('HEAD');
    const found = [...names].filter((method) => this.find(method, path, []) !== undefined);
    return found.every((method) => method === 'OPTIONS') ? [] : found.sort();
  }
}

/** Hands the shapes that wait at a node to its children. */
function grow<T>(node: Node<T>, waiting: NonNullable<Node<T>['waiting']>): void {
  const { start } = node;
  node.waiting = undefined;
  // An index, as in all that a cold start runs: iterators are slow before they are optimized.
  for (let index = 0; index < waiting.length; index++) {
    const route = waiting[index];
    if (route === undefined) continue;
    const { shape } = route;
    if (start >= shape.length) node.methods = route.methods;
    else {
      const end = shape.indexOf('/', start);
      const next = child(node, end === -1 ? shape.slice(start) : shape.slice(start, end));
      if (next.waiting === undefined) next.waiting = [route];
      else next.waiting.push(route);
    }
  }
}

function child<T>(node: Node<T>, segment: string): Node<T> {
  const start = node.start + segment.length + 1;
  if (segment === ':') return (node.param ??= newNode(start));
  if (segment === '*') return (node.wildcard ??= newNode(start));
  if (segment.startsWith(':')) {
    node.mixed ??= [];
    let entry = node.mixed.find(({ shape }) => shape === segment);
    if (entry === undefined) {
      entry = { shape: segment, separators: segment.slice(1).split(':'), node: newNode(start) };
      node.mixed.push(entry);
    }
    return entry.node;
  }
  node.statics ??= new Map();
  let next = node.statics.get(segment);
  if (next === undefined) node.statics.set(segment, (next = newNode(start)));
  return next;
}

function walk<T>(node: Node<T>, method: string, path: string, start: number, values: string[]): T | undefined {
  if (node.waiting !== undefined) grow(node, node.waiting);
  if (start >= path.length) {
    const found = node.methods && pick(node.methods, method);
    // `/a/` was cut to `/a`; only the root itself is reached with nothing left for its wildcard.
    return found ?? (path === '/' ? wildcard(node, method, path, start, values) : undefined);
  }
  let end = path.indexOf('/', start);
  if (end === -1) end = path.length;
  const text = path.slice(start, end);
  const depth = values.length;

  const fixed = node.statics?.get(text) ?? (text.includes('%') ? node.statics?.get(decode(text)) : undefined);
  if (fixed !== undefined) {
    const found = walk(fixed, method, path, end + 1, values);
    if (found !== undefined) return found;
  }
  if (text !== '') {
    if (node.mixed !== undefined) {
      for (const { separators, node: next } of node.mixed) {
        const parts = matchMixed(text, separators);
        if (parts === undefined) continue;
        values.push(...parts);
        const found = walk(next, method, path, end + 1, values);
        if (found !== undefined) return found;
        values.length = depth;
      }
    }
    if (node.param !== undefined) {
      values.push(text);
      const found = walk(node.param, method, path, end + 1, values);
      if (found !== undefined) return found;
      values.length = depth;
    }
  }
  return wildcard(node, method, path, start, values);
}

function wildcard<T>(node: Node<T>, method: string, path: string, start: number, values: string[]): T | undefined {
  const { wildcard } = node;
  if (wildcard === undefined) return undefined;
  if (wildcard.waiting !== undefined) grow(wildcard, wildcard.waiting);
  const found = wildcard.methods && pick(wildcard.methods, method);
  if (found !== undefined) values.push(path.slice(start));
  return found;
}
