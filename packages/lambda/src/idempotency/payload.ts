import { createHash } from 'node:crypto';

/** Hash of a payload, the same for the same JSON whatever the order of its fields. */
export const hashOf = (payload: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(payload, sorted) ?? 'undefined')
    .digest('base64url');

function sorted(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
