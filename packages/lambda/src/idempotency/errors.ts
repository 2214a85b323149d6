/** Another invocation is at work on the same key. Thrown, so that the source tries again: by then there is a result, or nobody at work. */
export class InProgressError extends Error {
  override readonly name = 'InProgressError';
  readonly key: string;
  /** Milliseconds after which the other invocation is over for certain: Lambda has ended it by then. */
  readonly retryAfter: number;

  constructor(key: string, retryAfter: number) {
    super(`another invocation is at work on '${key}', and over in ${retryAfter} ms at the latest: try again`);
    this.key = key;
    this.retryAfter = retryAfter;
  }
}

/** There is no key in the input, or what is there cannot be one. */
export class MissingKeyError extends Error {
  override readonly name = 'MissingKeyError';
}

/** The key was used before, with another payload. Trying again does not help. */
export class PayloadMismatchError extends Error {
  override readonly name = 'PayloadMismatchError';
  readonly key: string;

  constructor(key: string) {
    super(`'${key}' was used before, with another payload: a key stands for one payload`);
    this.key = key;
  }
}

/** The handler ran past its deadline, and another invocation has taken its key over: that one's result counts. */
export class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';
  readonly key: string;

  constructor(key: string) {
    super(`another invocation has taken '${key}' over, for this one was past its deadline`);
    this.key = key;
  }
}

/** What the handler returned cannot be kept for duplicates: it is no JSON, or larger than an item may be. */
export class ResultError extends Error {
  override readonly name = 'ResultError';
}
