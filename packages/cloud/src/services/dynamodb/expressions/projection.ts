import { type AttributeValue, attributeOf, type Item, setAttribute } from '../attributeValue.ts';
import { Binder, type Bound, type Names } from './binding.ts';
import { comparePaths, type Path, pathClash } from './documentPath.ts';
import { Reader } from './reader.ts';
import type { Parsed, PathNode } from './tree.ts';

/** A projection, ready to be run. */
export interface Projection extends Bound {
  /** A new item with what stands at the projection's paths, and nothing else. */
  readonly project: (item: Item) => Item;
}

const NO_KEYWORDS: ReadonlySet<string> = new Set();

/**
 * Reads a projection expression: document paths between commas.
 *
 * @throws ValidationException with AWS's text: for the syntax, or for reserved words
 */
export function parseProjection(text: string): Parsed<readonly PathNode[]> {
  const reader = new Reader('ProjectionExpression', text, NO_KEYWORDS);
  const paths: PathNode[] = [];
  do paths.push(reader.readPath());
  while (reader.accept(','));
  return reader.finish(paths);
}

/** Makes a projection of what was read, its aliases resolved. */
export function bindProjection(parsed: Parsed<readonly PathNode[]>, names: Names): Projection {
  const binder = new Binder(names, {
    bind: () => () => undefined,
    typeOf: () => undefined,
  });
  const paths = parsed.root.map((path) => binder.resolve(path));
  binder.fail(pathClash(paths));
  return { ...binder.finish(parsed), project: projector(paths) };
}

/** What is wanted of a value: all of it, or some of its children, each once, lists' in the order of their indexes. */
type Wanted = 'all' | Map<string | number, Wanted>;

/** A function that copies what stands at some paths out of an item. Elements of a list close up. */
export function projector(paths: readonly Path[]): (item: Item) => Item {
  const wanted = new Map<string | number, Wanted>();
  for (const path of paths.toSorted(comparePaths)) want(wanted, path, 0);
  return (item) => {
    const result: Item = {};
    copyChildren(item, wanted, result);
    return result;
  };
}

function want(wanted: Map<string | number, Wanted>, path: Path, depth: number): void {
  const element = path[depth];
  if (element === undefined) return;
  if (depth === path.length - 1) {
    wanted.set(element, 'all');
    return;
  }
  let inner = wanted.get(element);
  if (inner === 'all') return;
  if (inner === undefined) wanted.set(element, (inner = new Map()));
  want(inner, path, depth + 1);
}

function copyChildren(from: Item, wanted: Map<string | number, Wanted>, to: Item): void {
  for (const [name, inner] of wanted) {
    const value = attributeOf(from, String(name));
    const copy = value === undefined ? undefined : copyWanted(value, inner);
    if (copy !== undefined) setAttribute(to, String(name), copy);
  }
}

function copyWanted(value: AttributeValue, wanted: Wanted): AttributeValue | undefined {
  if (wanted === 'all') return value;
  if (value.M !== undefined) {
    const map: Item = {};
    copyChildren(value.M, wanted, map);
    return Object.keys(map).length === 0 ? undefined : { M: map };
  }
  if (value.L === undefined) return undefined;
  const list: AttributeValue[] = [];
  for (const [index, inner] of wanted) {
    const element = typeof index === 'number' ? value.L[index] : undefined;
    const copy = element === undefined ? undefined : copyWanted(element, inner);
    if (copy !== undefined) list.push(copy);
  }
  return list.length === 0 ? undefined : { L: list };
}
