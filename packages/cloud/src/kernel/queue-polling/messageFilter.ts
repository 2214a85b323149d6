import { EventPattern } from '../eventPattern.ts';
import type { SqsRecord } from './record.ts';

/**
 * Which messages a consumer gets.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
 */
export class MessageFilter {
  readonly #patterns: readonly EventPattern[];

  /** @throws {EventPatternError} */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns.map((pattern) => new EventPattern(pattern));
  }

  /** Whether a message matches one of the patterns, or there is none. */
  matches(record: SqsRecord): boolean {
    if (this.#patterns.length === 0) return true;
    const event = { ...record, body: bodyOf(record.body) };
    return this.#patterns.some((pattern) => pattern.matches(event));
  }
}

/** A body that is a JSON object is looked into; any other is a text. */
function bodyOf(body: string): unknown {
  if (!/^\s*\{/.test(body)) return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
