import { decode } from './decode.ts';
import { isDynamic, matchMixed, namesOf, parseDynamic, refuseDoubled, type Segment } from './pattern.ts';

/** Whatever is found at a path: one value per method. */
type Methods<T> = Map<string, T>;

interface Node<T> {
  statics: Map<string, Node<T>> | undefined;
  mixed: { readonly separators: readonly string[]; readonly node: Node<T> }[] | undefined;
  param: Node<T> | undefined;
  wildcard: Node<T> | undefined;
  methods: Methods<T> | undefined;
}

const newNode = <T>(): Node<T> => ({
  statics: undefined,
  mixed: undefined,
  param: undefined,
  wildcard: undefined,
  methods: undefined,
});

/** The value for a method: its own, else ANY's, else for HEAD the one of GET. */
const pick = <T>(methods: Methods<T>, method: string): T | undefined =>
  methods.get(method) ?? methods.get('ANY') ?? (method === 'HEAD' ? methods.get('GET') : undefined);

/**
 * Finds what is defined for a method and a path. Static paths are one look-up in a map; the others walk a tree by segments, and go back to try a
 * less specific branch (static, then several parameters, then one, then the wildcard) when one ends without a value for the method.
 * The time depends on the length of the path, not on the number of routes.
 */
export class Router<T> {
  readonly #static = new Map<string, Methods<T>>();
  readonly #root: Node<T> = newNode();
  readonly #methodNames = new Set<string>();

  /**
   * What is defined at a path, for a method to be added. In one loop, without a parsed form in between: a cold start defines all routes, and mostly
   * one of them is asked for.
   *
   * @param names - receives the names of the path's parameters
   * @throws {ConfigurationError} for a path that cannot be a route's.
   */
  at(method: string, path: string, names: string[]): Methods<T> {
    this.#methodNames.add(method);
    const parts = path.split('/');
    let node = this.#root;
    for (let index = 1; index < parts.length; index++) {
      const part = parts[index] ?? '';
      if (part === '') continue;
      if (isDynamic(part)) {
        const segment = parseDynamic(part, index === parts.length - 1, path);
        names.push(...namesOf(segment));
        node = child(node, segment);
      } else {
        node.statics ??= new Map();
        let next = node.statics.get(part);
        if (next === undefined) node.statics.set(part, (next = newNode()));
        node = next;
      }
    }
    if (names.length > 1) refuseDoubled(names, path);
    if (node.methods !== undefined) return node.methods;
    if (names.length === 0) this.#static.set(path, (node.methods = new Map()));
    return (node.methods ??= new Map());
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
    return this.findStatic(method, path) ?? walk(this.#root, method, path, 1, values);
  }

  /** Methods that are defined for a path, sorted; for the `allow` header. A wildcard that only answers OPTIONS does not make a path exist. */
  allowed(path: string): string[] {
    const names = new Set(this.#methodNames);
    if (names.has('GET')) names.add('HEAD');
    const found = [...names].filter((method) => this.find(method, path, []) !== undefined);
    return found.every((method) => method === 'OPTIONS') ? [] : found.sort();
  }
}

function child<T>(node: Node<T>, segment: Exclude<Segment, { kind: 'static' }>): Node<T> {
  if (segment.kind === 'param') return (node.param ??= newNode());
  if (segment.kind === 'wildcard') return (node.wildcard ??= newNode());
  const key = segment.separators.join('\n');
  node.mixed ??= [];
  const known = node.mixed.find(({ separators }) => separators.join('\n') === key);
  if (known !== undefined) return known.node;
  const created = newNode<T>();
  node.mixed.push({ separators: segment.separators, node: created });
  return created;
}

function staticChild<T>(node: Node<T>, text: string): Node<T> | undefined {
  if (node.statics === undefined) return undefined;
  return node.statics.get(text) ?? (text.includes('%') ? node.statics.get(decode(text)) : undefined);
}

function walk<T>(node: Node<T>, method: string, path: string, start: number, values: string[]): T | undefined {
  if (start >= path.length) return atEnd(node, method, path, start, values);
  let end = path.indexOf('/', start);
  if (end === -1) end = path.length;
  const text = path.slice(start, end);
  const depth = values.length;

  const fixed = staticChild(node, text);
  if (fixed !== undefined) {
    const found = walk(fixed, method, path, end + 1, values);
    if (found !== undefined) return found;
  }
  if (text !== '' && node.mixed !== undefined) {
    for (const { separators, node: next } of node.mixed) {
      const parts = matchMixed(text, separators);
      if (parts === undefined) continue;
      values.push(...parts);
      const found = walk(next, method, path, end + 1, values);
      if (found !== undefined) return found;
      values.length = depth;
    }
  }
  if (text !== '' && node.param !== undefined) {
    values.push(text);
    const found = walk(node.param, method, path, end + 1, values);
    if (found !== undefined) return found;
    values.length = depth;
  }
  return wildcard(node, method, path, start, values);
}

function atEnd<T>(node: Node<T>, method: string, path: string, start: number, values: string[]): T | undefined {
  // `/a/` was cut to `/a`; only the root itself is reached with nothing left for its wildcard.
  const found = node.methods && pick(node.methods, method);
  return found ?? (path === '/' ? wildcard(node, method, path, start, values) : undefined);
}

function wildcard<T>(node: Node<T>, method: string, path: string, start: number, values: string[]): T | undefined {
  const methods = node.wildcard?.methods;
  const found = methods && pick(methods, method);
  if (found !== undefined) values.push(path.slice(start));
  return found;
}
