import { validationException } from './errors.ts';

/** Collects what is wrong with an input, in the words of AWS's own validation, and throws it all at once. */
export class Constraints {
  readonly #failures: string[] = [];

  /** @param value - as the message shows it; a list as `[a, b]` */
  check(holds: boolean, value: unknown, path: string, constraint: string): this {
    if (!holds) {
      const shown = value === undefined || value === null ? 'null' : `'${show(value)}'`;
      this.#failures.push(`Value ${shown} at '${path}' failed to satisfy constraint: ${constraint}`);
    }
    return this;
  }

  present(value: unknown, path: string): this {
    return this.check(value !== undefined && value !== null, undefined, path, 'Member must not be null');
  }

  pattern(value: string | undefined, path: string, pattern: Pattern): this {
    return this.check(value === undefined || pattern.regex.test(value), value, path, pattern.constraint);
  }

  /** Text of at most so many characters. */
  length(value: string | undefined, path: string, max: number, min = 0): this {
    this.check(
      value === undefined || value.length <= max,
      value,
      path,
      `Member must have length less than or equal to ${max}`,
    );
    return this.check(
      value === undefined || value.length >= min,
      value,
      path,
      `Member must have length greater than or equal to ${min}`,
    );
  }

  range(value: number | undefined, path: string, min: number, max: number): this {
    this.check(value === undefined || value <= max, value, path, `Member must have value less than or equal to ${max}`);
    return this.check(
      value === undefined || value >= min,
      value,
      path,
      `Member must have value greater than or equal to ${min}`,
    );
  }

  oneOf(value: string | undefined, path: string, values: readonly string[]): this {
    return this.check(
      value === undefined || values.includes(value),
      value,
      path,
      `Member must satisfy enum value set: [${values.join(', ')}]`,
    );
  }

  /** @throws ValidationException when anything was wrong */
  hold(): void {
    const { length } = this.#failures;
    if (length === 0) return;
    throw validationException(
      `${length} validation error${length === 1 ? '' : 's'} detected: ${this.#failures.join('; ')}`,
    );
  }
}

/** A pattern with the text that AWS's message gives it. */
export interface Pattern {
  readonly regex: RegExp;
  readonly constraint: string;
}

/** A pattern that must match the whole text. */
export const pattern = (source: string): Pattern => ({
  regex: new RegExp(`^(?:${source})$`),
  constraint: `Member must satisfy regular expression pattern: ${source}`,
});

const show = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.join(', ')}]`
    : typeof value === 'object'
      ? `{${Object.entries(value ?? {})
          .map(([key, item]) => `${key}=${String(item)}`)
          .join(', ')}}`
      : String(value);
