import type { StandardSchema } from '../../src/api/index.ts';

type Kind = 'string' | 'number' | 'integer' | 'boolean' | 'strings';
interface KindOf {
  string: string;
  number: number;
  integer: number;
  boolean: boolean;
  strings: string[];
}
type ObjectOf<F extends Record<string, Kind>> = { [K in keyof F]: KindOf[F[K]] };

const problems: Record<Kind, (value: unknown) => string | undefined> = {
  string: (value) => (typeof value === 'string' ? undefined : 'expected a string'),
  number: (value) => (typeof value === 'number' ? undefined : 'expected a number'),
  integer: (value) => (Number.isInteger(value) ? undefined : 'expected an integer'),
  boolean: (value) => (typeof value === 'boolean' ? undefined : 'expected a boolean'),
  strings: (value) =>
    Array.isArray(value) && value.every((each) => typeof each === 'string') ? undefined : 'expected strings',
};

const read: Record<Kind, (value: unknown) => unknown> = {
  string: (value) => value,
  number: (value) =>
    typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : value,
  integer: (value) => (typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value),
  boolean: (value) => (value === 'true' ? true : value === 'false' ? false : value),
  strings: (value) => (typeof value === 'string' ? [value] : value),
};

const jsonOf: Record<Kind, object> = {
  string: { type: 'string' },
  number: { type: 'number' },
  integer: { type: 'integer' },
  boolean: { type: 'boolean' },
  strings: { type: 'array', items: { type: 'string' } },
};

/** A validator of thirty lines that follows Standard Schema and Standard JSON Schema: objects of simple fields, text converted. */
export function object<const F extends Record<string, Kind>>(
  fields: F,
  { later = false }: { later?: boolean } = {},
): StandardSchema<ObjectOf<F>, ObjectOf<F>> {
  type Result = Awaited<ReturnType<StandardSchema<ObjectOf<F>, ObjectOf<F>>['~standard']['validate']>>;
  const check = (value: unknown): Result => {
    if (typeof value !== 'object' || value === null) return { issues: [{ message: 'expected an object' }] };
    const made: Record<string, unknown> = {};
    const issues = Object.entries(fields).flatMap(([name, kind]) => {
      made[name] = read[kind](Reflect.get(value, name));
      const message = problems[kind](made[name]);
      return message === undefined ? [] : [{ message, path: [name === 'deep' ? { key: name } : name] }];
    });
    // Every field was just checked.
    return issues.length > 0 ? { issues } : { value: made as ObjectOf<F> };
  };
  const json = (): Record<string, unknown> => ({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries(Object.entries(fields).map(([name, kind]) => [name, jsonOf[kind]])),
    required: Object.keys(fields),
  });
  return {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) => (later ? Promise.resolve().then(() => check(value)) : check(value)),
      jsonSchema: { input: json, output: json },
    },
  };
}
