/** A value as it compares: without members that are undefined, and without empty ones where the wire does not carry them. */
export function tidied(value: unknown, empties: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => tidied(item, empties));
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? `${value}n` : value;
  if ('string' in value && 'type' in value) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, tidied(item, empties)] as const)
      .filter(([, item]) => item !== undefined && (empties || !isEmpty(item))),
  );
}

/** Whether it is a list, map or structure without anything in it. */
export const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** Where two tidied values differ, a line each: `Role.Tags.0.Key: "a" instead of "b"`; lines that `but` matches are left out. */
export const differences = (received: unknown, sent: unknown, but: RegExp = /^$/): string =>
  differencesAt('', received, sent)
    .filter((line) => !but.test(line))
    .join('\n');

function differencesAt(path: string, received: unknown, sent: unknown): string[] {
  const [left, right] = [JSON.stringify(received), JSON.stringify(sent)];
  if (left === right) return [];
  if (!isRecord(received) || !isRecord(sent)) return [`${path}: ${left} instead of ${right}`];
  return [...new Set([...Object.keys(sent), ...Object.keys(received)])].flatMap((key) =>
    differencesAt(path === '' ? key : `${path}.${key}`, received[key], sent[key]),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
