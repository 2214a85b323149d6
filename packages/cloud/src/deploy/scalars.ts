import { isRecord } from './template.ts';

/** Properties with those that a type says are numbers or booleans turned into them where they are text. Anything else stays for the type to refuse. */
export function withScalars(
  properties: Readonly<Record<string, unknown>>,
  scalars: Readonly<Record<string, 'number' | 'boolean'>> | undefined,
): Record<string, unknown> {
  let result: unknown = properties;
  for (const [path, kind] of Object.entries(scalars ?? {})) result = convert(result, path.split(/(?=\[\])|\./), kind);
  return result as Record<string, unknown>; // a mapping is converted to a mapping
}

function convert(value: unknown, path: readonly string[], kind: 'number' | 'boolean'): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return scalarOf(value, kind);
  if (step === '[]') return Array.isArray(value) ? value.map((item) => convert(item, rest, kind)) : value;
  if (!isRecord(value) || value[step] === undefined) return value;
  return { ...value, [step]: convert(value[step], rest, kind) };
}

function scalarOf(value: unknown, kind: 'number' | 'boolean'): unknown {
  if (typeof value !== 'string') return value;
  if (kind === 'number') return value.trim() === '' || Number.isNaN(Number(value)) ? value : Number(value);
  return /^true$/i.test(value) ? true : /^false$/i.test(value) ? false : value;
}
