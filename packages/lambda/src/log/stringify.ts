/** JSON of an entry; whatever cannot be JSON (a cycle, a bigint) is said instead of lost. */
export function stringify(fields: Record<string, unknown>): string {
  try {
    return JSON.stringify(fields);
  } catch {
    const seen = new WeakSet<object>();
    return JSON.stringify(fields, (_, value: unknown) => {
      if (typeof value === 'bigint') return value.toString();
      if (typeof value !== 'object' || value === null) return value;
      if (seen.has(value)) return '[seen above]';
      seen.add(value);
      return value;
    });
  }
}
