import { ConfigurationError } from './errors.ts';

/** A segment of a route: text, one parameter, several parameters between separators, or everything that follows. */
export type Segment =
  | { readonly kind: 'static'; readonly text: string }
  | { readonly kind: 'param'; readonly name: string }
  | { readonly kind: 'mixed'; readonly names: readonly string[]; readonly separators: readonly string[] }
  | { readonly kind: 'wildcard' };

/** One path with slashes in the right places: a leading one, no trailing one, none doubled. */
export function joinPath(...parts: readonly string[]): string {
  // No regular expressions here and below: compiling one costs a cold start more than all routes together.
  return `/${parts.join('/').split('/').filter(Boolean).join('/')}`;
}

/**
 * Reads the path of a route.
 *
 * @throws {ConfigurationError} for a wildcard that is not the last segment, an empty, doubled or forbidden parameter name.
 */
export function parsePattern(path: string): Segment[] {
  const parts = path === '/' ? [] : path.slice(1).split('/');
  const segments = parts.map(
    (part, index): Segment =>
      isDynamic(part) ? parseDynamic(part, index === parts.length - 1, path) : { kind: 'static', text: part },
  );
  refuseDoubled(segments.flatMap(namesOf), path);
  return segments;
}

/** @throws {ConfigurationError} when two parameters have the same name. */
export function refuseDoubled(names: readonly string[], path: string): void {
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  if (doubled !== undefined)
    throw new ConfigurationError(`parameter :${doubled} occurs twice in route ${path}, rename one`);
}

/** Names of the parameters of a segment, in order. */
export function namesOf(segment: Segment): readonly string[] {
  if (segment.kind === 'param') return [segment.name];
  if (segment.kind === 'mixed') return segment.names;
  return segment.kind === 'wildcard' ? ['*'] : [];
}

/** Whether a segment of a route's path stands for more than itself. */
export const isDynamic = (part: string): boolean => part.startsWith(':') || part.includes('*');

/** Reads a segment that does. @param last - whether it is the last one */
export function parseDynamic(part: string, last: boolean, path: string): Exclude<Segment, { kind: 'static' }> {
  if (part.includes('*')) {
    if (part === '*' && last) return { kind: 'wildcard' };
    throw new ConfigurationError(`Wildcards can only be at the end of a route definition: ${path}`);
  }
  if (part.includes(':', 1)) return mixed(part, path);
  return { kind: 'param', name: checkName(part.slice(1), path) };
}

function mixed(part: string, path: string): Exclude<Segment, { kind: 'static' }> {
  const names: string[] = [];
  const separators: string[] = [];
  for (const match of part.matchAll(/:(\w*)((?:[^:\w][^:]*)?)/g)) {
    names.push(checkName(match[1] ?? '', path));
    separators.push(match[2] ?? '');
  }
  const rebuilt = names.map((name, index) => `:${name}${separators[index]}`).join('');
  if (rebuilt !== part || separators.slice(0, -1).includes('')) {
    throw new ConfigurationError(`parameters in one segment need a separator between them, such as :lat-:lng: ${path}`);
  }
  return { kind: 'mixed', names, separators };
}

function checkName(name: string, path: string): string {
  if (name === '' || name === '__proto__')
    throw new ConfigurationError(`a parameter of route ${path} has no usable name`);
  return name;
}

/**
 * Splits a segment at the separators of a mixed one. Each parameter but the last ends at the first separator, so that time is linear.
 *
 * @returns the values, or `undefined` when the segment does not fit.
 */
export function matchMixed(text: string, separators: readonly string[]): string[] | undefined {
  const values: string[] = [];
  const tail = separators[separators.length - 1] ?? '';
  let start = 0;
  for (let index = 0; index < separators.length - 1; index++) {
    const separator = separators[index] ?? '';
    const end = text.indexOf(separator, start + 1);
    if (end === -1) return undefined;
    values.push(text.slice(start, end));
    start = end + separator.length;
  }
  const end = text.length - tail.length;
  if (end <= start || !text.endsWith(tail)) return undefined;
  values.push(text.slice(start, end));
  return values;
}
