/** The value that a path such as `$.detail.items[0].id` leads to; with `[*]`, the list of all of them. */
export function valueAt(event: unknown, path: string): unknown {
  let values: unknown[] = [event];
  let isList = false;
  for (const step of stepsOf(path) ?? []) {
    if (step === '*') {
      isList = true;
      values = values.flatMap((value) => (Array.isArray(value) ? value : []));
    } else {
      values = values
        .map((value) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined))
        .filter((value) => value !== undefined);
    }
  }
  return isList ? values : values[0];
}

/** Whether a text is such a path. */
export const isEventPath = (text: string): boolean => stepsOf(text) !== undefined;

/** The steps of a path, or undefined when it is none. */
function stepsOf(path: string): string[] | undefined {
  if (!/^\$(\.[^.[\]]+|\[(\d+|\*|'[^']*'|"[^"]*")\])*$/.test(path)) return undefined;
  return Array.from(
    path.matchAll(/\.([^.[\]]+)|\[(?:(\d+|\*)|'([^']*)'|"([^"]*)")\]/g),
    ([, name, at, single, double]) => String(name ?? at ?? single ?? double),
  );
}

/** The keys between the angle brackets of a template, in their order. */
export const placeholdersOf = (template: string): string[] =>
  Array.from(template.matchAll(PLACEHOLDER), ([, key = '']) => key);

const PLACEHOLDER = /<([^<>\s"]+)>/g;

/** A template with its placeholders filled: JSON outside quotes, text inside them. */
export function fillTemplate(template: string, valueFor: (key: string) => unknown): string {
  let filled = '';
  let at = 0;
  let isQuoted = false;
  for (const match of template.matchAll(PLACEHOLDER)) {
    const before = template.slice(at, match.index);
    isQuoted = quotedAfter(before, isQuoted);
    filled += before + shown(valueFor(match[1] ?? ''), isQuoted);
    at = match.index + match[0].length;
  }
  return filled + template.slice(at);
}

/** Whether what follows a piece of a template stands within quotes. */
function quotedAfter(text: string, isQuoted: boolean): boolean {
  let quoted = isQuoted;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') quoted = !quoted;
  }
  return quoted;
}

/** A value as it stands in a template: JSON outside quotes; inside them text, where objects and lists lose their quotes. */
function shown(value: unknown, isQuoted: boolean): string {
  if (!isQuoted) return JSON.stringify(value ?? '');
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') return JSON.stringify(value).replaceAll('"', '');
  return typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : String(value);
}
