import { validationException } from './errors.ts';

/**
 * Collects what the model's constraints say of an input, and throws all of it at once, as AWS does before anything else:
 * `2 validation errors detected: Value null at 'key' failed to satisfy constraint: …; …`.
 */
export class Constraints {
  #failures: string[] | undefined;

  #fail(path: string, value: unknown, constraint: string): void {
    const shown = value === undefined ? 'null' : `'${show(value)}'`;
    this.fail(`Value ${shown} at '${path}' failed to satisfy constraint: Member must ${constraint}`);
  }

  /** Adds a failure in AWS's words. */
  fail(text: string): void {
    this.#failures ??= [];
    this.#failures.push(text);
  }

  required(path: string, value: unknown): this {
    if (value === undefined) this.#fail(path, value, 'not be null');
    return this;
  }

  oneOf(path: string, value: string | undefined, allowed: readonly string[]): this {
    if (value !== undefined && !allowed.includes(value)) {
      this.#fail(path, value, `satisfy enum value set: [${allowed.join(', ')}]`);
    }
    return this;
  }

  atLeast(path: string, value: number | undefined, least: number): this {
    if (value !== undefined && value < least) this.#fail(path, value, `have value greater than or equal to ${least}`);
    return this;
  }

  atMost(path: string, value: number | undefined, most: number): this {
    if (value !== undefined && value > most) this.#fail(path, value, `have value less than or equal to ${most}`);
    return this;
  }

  /** The length of a text or list, or the members of a map. */
  length(path: string, value: string | readonly unknown[] | object | undefined, least: number, most?: number): this {
    if (value === undefined) return this;
    const length = typeof value === 'string' || Array.isArray(value) ? value.length : Object.keys(value).length;
    if (length < least) this.#fail(path, value, `have length greater than or equal to ${least}`);
    else if (most !== undefined && length > most) this.#fail(path, value, `have length less than or equal to ${most}`);
    return this;
  }

  /** Lists in a map, each of 1 to `most` members. */
  mapValues(path: string, value: object | undefined, most: number): this {
    this.fail(
      `Value '${show(value)}' at '${path}' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to ${most}, Member must have length greater than or equal to 1]`,
    );
    return this;
  }

  /** Refuses nulls in a list, which JSON may have though its type does not. @returns the list without them */
  members<Member>(path: string, list: readonly (Member | undefined)[] | undefined): readonly Member[] {
    const found: Member[] = [];
    for (const [index, member] of (list ?? []).entries()) {
      if (member === undefined) this.required(`${path}.${index + 1}.member`, member);
      else found.push(member);
    }
    return found;
  }

  /** The length of a list, and that it has no nulls. */
  list(path: string, value: readonly unknown[] | undefined, least: number, most?: number): this {
    if (value === undefined) return this;
    this.members(path, value);
    return this.length(path, value, least, most);
  }

  pattern(path: string, value: string | undefined, pattern: RegExp, shown: string): this {
    if (value !== undefined && !pattern.test(value)) {
      this.#fail(path, value, `satisfy regular expression pattern: ${shown}`);
    }
    return this;
  }

  /** A table's name or ARN, where an operation on items has it. @throws ValidationException at once for what is none: AWS looks no further */
  tableName(value: string | undefined): this {
    if (value === undefined) return this.required('tableName', value);
    if (SAFE_NAME.test(value) || value.startsWith('arn:')) return this;
    const alone = new Constraints();
    if (value === '') alone.length('tableName', value, 1);
    else alone.name('tableName', value);
    alone.check();
    return this;
  }

  /** The name of a table or index. */
  name(path: string, value: string | undefined): this {
    return this.pattern(path, value, NAME, '[a-zA-Z0-9_.-]+').length(path, value, 3, 255);
  }

  /** @throws ValidationException when anything failed */
  check(): void {
    if (this.#failures === undefined) return;
    const count = this.#failures.length;
    throw validationException(
      `${count} validation error${count === 1 ? '' : 's'} detected: ${this.#failures.join('; ')}`,
    );
  }
}

const NAME = /^[a-zA-Z0-9_.-]+$/;
const SAFE_NAME = /^[a-zA-Z0-9_.-]{3,255}$/;

/** A value as AWS's messages show it, which is how Java would. */
function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if ('AttributeName' in value && 'KeyType' in value) {
    return `KeySchemaElement(attributeName=${value.AttributeName}, keyType=${value.KeyType})`;
  }
  return `{${Object.entries(value)
    .map(([name, member]) => `${name}=${show(member)}`)
    .join(', ')}}`;
}

export const CAPACITY: readonly string[] = ['INDEXES', 'TOTAL', 'NONE'];
export const METRICS: readonly string[] = ['SIZE', 'NONE'];
export const RETURN_VALUES: readonly string[] = ['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW'];
export const ON_FAILURE: readonly string[] = ['ALL_OLD', 'NONE'];
export const SELECT: readonly string[] = ['SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES'];
export const CONDITIONAL: readonly string[] = ['OR', 'AND'];
export const COMPARISONS: readonly string[] = [
  'IN',
  'NULL',
  'BETWEEN',
  'LT',
  'NOT_CONTAINS',
  'EQ',
  'GT',
  'NOT_NULL',
  'NE',
  'LE',
  'BEGINS_WITH',
  'GE',
  'CONTAINS',
];
