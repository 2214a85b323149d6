import type { StandardSchema } from '@skein/lambda/api';

/** One thing that is wrong with a value. */
interface Issue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

/** A schema: checks a value and gives it, and describes itself. Any other validator that follows Standard Schema can take its place. */
export interface Schema<T> extends StandardSchema<T> {
  readonly read: (value: unknown, path: readonly PropertyKey[], issues: Issue[]) => T;
  readonly json: Readonly<Record<string, unknown>>;
  readonly isOptional: boolean;
}

/** What a schema gives. */
export type Of<S> = S extends Schema<infer T> ? T : never;

function schema<T>(read: Schema<T>['read'], json: Schema<T>['json'], isOptional = false): Schema<T> {
  return {
    read,
    json,
    isOptional,
    '~standard': {
      version: 1,
      vendor: 'orders',
      validate(value) {
        const issues: Issue[] = [];
        const made = read(value, [], issues);
        return issues.length === 0 ? { value: made } : { issues };
      },
      jsonSchema: { input: () => json, output: () => json },
    },
  };
}

/** A schema of values that a test tells from others. */
function such<T>(test: (value: unknown) => value is T, message: string, json: Schema<T>['json']): Schema<T> {
  return schema((value, path, issues) => {
    if (!test(value)) issues.push({ message, path });
    return value as T; // It is used only when there are no issues.
  }, json);
}

/** Text that is not empty. */
export const text = (maxLength = 200): Schema<string> =>
  such(
    (value): value is string => typeof value === 'string' && value !== '' && value.length <= maxLength,
    `must be a text of 1 to ${maxLength} characters`,
    { type: 'string', minLength: 1, maxLength },
  );

/** One of several texts. */
export const oneOf = <const V extends readonly string[]>(...values: V): Schema<V[number]> =>
  such(
    (value): value is V[number] => typeof value === 'string' && values.includes(value),
    `must be one of ${values.join(', ')}`,
    { type: 'string', enum: values },
  );

/** A whole number. */
export const whole = (minimum: number, maximum: number): Schema<number> =>
  such(
    (value): value is number => Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum,
    `must be a whole number from ${minimum} to ${maximum}`,
    { type: 'integer', minimum, maximum },
  );

/** A whole number that comes as text, as in a query. */
export const wholeText = (minimum: number, maximum: number): Schema<number> => {
  const number = whole(minimum, maximum);
  return schema(
    (value, path, issues) =>
      number.read(typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value, path, issues),
    number.json,
  );
};

/** What may be left out. */
export const optional = <T>(inner: Schema<T>): Schema<T | undefined> =>
  schema(
    (value, path, issues) => (value === undefined ? undefined : inner.read(value, path, issues)),
    inner.json,
    true,
  );

/** A list. */
export const list = <T>(inner: Schema<T>, minItems = 0, maxItems = 100): Schema<T[]> =>
  schema(
    (value, path, issues) => {
      if (Array.isArray(value) && value.length >= minItems && value.length <= maxItems)
        return value.map((each, index) => inner.read(each, [...path, index], issues));
      issues.push({ message: `must be a list of ${minItems} to ${maxItems}`, path });
      return [];
    },
    { type: 'array', items: inner.json, minItems, maxItems },
  );

type Fields = Readonly<Record<string, Schema<unknown>>>;
type OptionalOf<F extends Fields> = { [K in keyof F]: undefined extends Of<F[K]> ? K : never }[keyof F];
type ObjectOf<F extends Fields> = { [K in Exclude<keyof F, OptionalOf<F>>]: Of<F[K]> } & {
  [K in OptionalOf<F>]?: Of<F[K]>;
};

/** An object of these fields; others are left out. */
export const object = <F extends Fields>(fields: F): Schema<ObjectOf<F>> & { readonly fields: F } => ({
  fields,
  ...schema<ObjectOf<F>>(
    (value, path, issues) => {
      const made: Record<string, unknown> = {};
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        issues.push({ message: 'must be an object', path });
      else
        for (const [name, field] of Object.entries(fields)) {
          const given: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
          const read = field.read(given, [...path, name], issues);
          if (read !== undefined) made[name] = read;
        }
      return made as ObjectOf<F>; // Each field was just read by its own schema.
    },
    {
      type: 'object',
      properties: Object.fromEntries(Object.entries(fields).map(([name, { json }]) => [name, json])),
      required: Object.keys(fields).filter((name) => fields[name]?.isOptional === false),
    },
  ),
});
