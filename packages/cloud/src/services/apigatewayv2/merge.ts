/** The members of an input that were given. */
export const given = <Input extends object>(input: Input): Partial<Input> =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Partial<Input>; // fewer of the same members

/** A map of texts with changes: an empty text removes its key. */
export function mergeTexts(
  before: Readonly<Record<string, string>> | undefined,
  changes: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== ''));
}

/** A map of objects with changes: an empty object removes its key. */
export function mergeObjects<Value extends object>(
  before: Readonly<Record<string, Value>> | undefined,
  changes: Readonly<Record<string, Value>> | undefined,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries({ ...before, ...changes }).filter(([, value]) => Object.keys(value).length > 0),
  );
}
