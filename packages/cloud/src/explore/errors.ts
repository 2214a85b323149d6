import type { NotRepeatable } from '../repeatable/record.ts';
import type { Summary } from './tally.ts';

/** A schedule was found under which the test fails. The cause is what the test threw. */
export class ExploreFailure extends Error {
  override readonly name = 'ExploreFailure';
  readonly seed: number;
  /** The shrunk choices in words. */
  readonly explanation: string;
  /** Where the record lies that replays it; undefined when it was not kept. */
  readonly file: string | undefined;
  readonly summary: Summary;

  constructor(
    message: string,
    parts: {
      readonly seed: number;
      readonly explanation: string;
      readonly file: string | undefined;
      readonly summary: Summary;
      readonly cause: Error;
    },
  ) {
    super(message, { cause: parts.cause });
    this.seed = parts.seed;
    this.explanation = parts.explanation;
    this.file = parts.file;
    this.summary = parts.summary;
    // The frames of the test's own error: they lead to the line that is wrong.
    this.stack = `${this.name}: ${message}${framesOf(parts.cause)}`;
  }
}

const framesOf = ({ stack = '' }: Error): string => {
  const first = stack.search(/\n\s+at /);
  return first < 0 ? '' : stack.slice(first);
};

/** A run did something that our order does not cover, so that neither a failure nor a success of it means anything. */
export class NotRepeatableError extends Error {
  override readonly name = 'NotRepeatableError';
  readonly reason: string;
  readonly remedy: string;
  readonly where: string;

  constructor(name: string, seed: number, { reason, remedy, where }: NotRepeatable, cause?: Error) {
    super(
      `'${name}' is not repeatable (seed ${seed}): ${reason} (${where}); ${remedy}${cause === undefined ? '' : `; in that run the test failed with: ${cause.message}`}`,
      { cause },
    );
    this.reason = reason;
    this.remedy = remedy;
    this.where = where;
  }
}

/** A record cannot be replayed, or its replay says nothing: the message says why and what to do. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
}

/** `explore()` was asked for something that it cannot do. */
export class ExploreError extends Error {
  override readonly name = 'ExploreError';
}
