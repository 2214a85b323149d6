const DATES = ['CreatedDate', 'LastUpdatedDate'];

/** What a store wrote as JSON, with its dates. */
export function read<T extends object>(document: unknown): T {
  const value = JSON.parse(String(document)) as Record<string, unknown>; // the stores write objects
  for (const name of DATES) if (typeof value[name] === 'string') value[name] = new Date(value[name]);
  return value as T; // the JSON of a T
}
