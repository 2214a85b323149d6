import type { StandardSchema } from '../api/standardSchema.ts';
import { InvalidRecordError } from './errors.ts';

/** @throws {InvalidRecordError} when it is no JSON */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidRecordError(`the body is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, [], {
      cause,
    });
  }
}

/** What a schema makes of a value. @throws {InvalidRecordError} that names every fault */
export async function validated(
  schema: StandardSchema<unknown, unknown>,
  value: unknown,
  what: string,
): Promise<unknown> {
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  const faults = result.issues.map(({ message, path = [] }) => {
    const place = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    return place === '' ? message : `${place}: ${message}`;
  });
  throw new InvalidRecordError(`the ${what} does not fit the schema: ${faults.join('; ')}`, result.issues);
}
