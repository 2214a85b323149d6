/** One value or a list of them, as a list. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const known = new Map<string, RegExp>();
const MOST_KNOWN = 1000;

/** Whether a text matches a pattern, in which `*` stands for any characters and `?` for one. */
export function matches(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === text;
  let expression = known.get(pattern);
  if (expression === undefined) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '.*')
      .replaceAll('?', '.');
    expression = new RegExp(`^${source}$`, 's');
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(pattern, expression);
  }
  return expression.test(text);
}
