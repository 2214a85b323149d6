import { type AttributeValue, attributeOf, type Item, setAttribute } from '../attributeValue.ts';
import { validationException } from '../errors.ts';

/** A document path with its aliases resolved: an attribute's name, then names of maps and indexes of lists. */
export type Path = readonly [string, ...(string | number)[]];

/** How AWS writes a path in its messages: `[orders, [3], total]`. */
export const displayPath = (path: Path): string =>
  `[${path.map((element) => (typeof element === 'number' ? `[${element}]` : element)).join(', ')}]`;

/** What stands at a path, or undefined. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  let value = attributeOf(item, path[0]);
  for (let index = 1; index < path.length && value !== undefined; index++) value = child(value, path[index]);
  return value;
}

function child(value: AttributeValue, element: string | number | undefined): AttributeValue | undefined {
  if (typeof element === 'number') return value.L?.[element];
  return element === undefined || value.M === undefined ? undefined : attributeOf(value.M, element);
}

/** A function that reads a path: the attribute itself is by far the most common. */
export function pathReader(path: Path): (item: Item) => AttributeValue | undefined {
  if (path.length > 1) return (item) => valueAt(item, path);
  const [name] = path;
  return (item) => (Object.hasOwn(item, name) ? item[name] : undefined);
}

const invalidForUpdate = () =>
  validationException('The document path provided in the update expression is invalid for update');

/** The list or map that a path's last step leads out of. @throws ValidationException when there is none, or it is of the other kind */
function parentOf(item: Item, path: Path): AttributeValue {
  const last = path[path.length - 1];
  const parent = path.length === 1 ? { M: item } : valueAt(item, path.slice(0, -1) as unknown as Path); // one shorter, not empty
  if (parent === undefined || (typeof last === 'number' ? parent.L : parent.M) === undefined) throw invalidForUpdate();
  return parent;
}

/**
 * Puts a value at a path. An index beyond a list's end appends to it.
 *
 * @throws ValidationException when the path leads through something that is not there or is no list or map
 */
export function setAt(item: Item, path: Path, value: AttributeValue): void {
  const parent = parentOf(item, path);
  const last = path[path.length - 1];
  if (typeof last === 'string') setAttribute(parent.M ?? item, last, value);
  else if (last !== undefined && parent.L !== undefined) parent.L[Math.min(last, parent.L.length)] = value;
}

/**
 * Takes away what stands at a path, if anything does.
 *
 * @throws ValidationException as {@link setAt}
 */
export function removeAt(item: Item, path: Path): void {
  const parent = parentOf(item, path);
  const last = path[path.length - 1];
  if (typeof last === 'string') Reflect.deleteProperty(parent.M ?? item, last);
  else if (last !== undefined) parent.L?.splice(last, 1);
}

/** Checks that what stands there may be changed: the way to it exists. @throws ValidationException as {@link setAt} */
export function requireParent(item: Item, path: Path): void {
  if (path.length > 1) parentOf(item, path);
}

/** The order in which list elements keep their meaning while those before them are appended: ascending indexes. */
export function comparePaths(a: Path, b: Path): number {
  for (let index = 0; index < a.length && index < b.length; index++) {
    const x = a[index];
    const y = b[index];
    if (x === y) continue;
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    return String(x) < String(y) ? -1 : 1;
  }
  return a.length - b.length;
}

/** What AWS says of paths of one expression that get in each other's way, or undefined. An overlap is told before a conflict. */
export function pathClash(paths: readonly Path[]): string | undefined {
  return firstClash(paths, 'overlap') ?? firstClash(paths, 'conflict');
}

function firstClash(paths: readonly Path[], kind: 'overlap' | 'conflict'): string | undefined {
  for (let second = 1; second < paths.length; second++) {
    for (let first = 0; first < second; first++) {
      const [a, b] = [paths[first], paths[second]];
      if (a === undefined || b === undefined || clash(a, b) !== kind) continue;
      const verb = kind === 'overlap' ? 'overlap' : 'conflict';
      return `Two document paths ${verb} with each other; must remove or rewrite one of these paths; path one: ${displayPath(a)}, path two: ${displayPath(b)}`;
    }
  }
  return undefined;
}

/** One path leads through the other, or they differ in what one of them takes for a list and the other for a map. */
function clash(a: Path, b: Path): 'overlap' | 'conflict' | undefined {
  for (let index = 0; index < a.length && index < b.length; index++) {
    if (typeof a[index] !== typeof b[index]) return 'conflict';
    if (a[index] !== b[index]) return undefined;
  }
  return 'overlap';
}
