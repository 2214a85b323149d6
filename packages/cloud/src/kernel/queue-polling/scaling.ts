/** Batches that run at once when a queue gets its first messages. */
const FIRST = 5;
/** How many more while there are messages left: 300 a minute. */
const STEP = 5;
const STEP_MS = 1000;
const MOST = 1250;

/** How many batches of a mapping run at once. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
export class Scaling {
  #most: number;
  #limit: number;

  /** @param maximum - as it was configured */
  constructor(maximum: number = MOST) {
    this.#most = maximum;
    this.#limit = Math.min(FIRST, maximum);
  }

  get limit(): number {
    return Math.min(this.#limit, this.#most);
  }

  /** The most that it may ever be. @default 1250 */
  set most(maximum: number | undefined) {
    this.#most = maximum ?? MOST;
  }

  /** When there may be more, or undefined when there may not. */
  nextStep(now: number): number | undefined {
    return this.#limit < this.#most ? now + STEP_MS : undefined;
  }

  grow(): void {
    this.#limit = Math.min(this.#limit + STEP, this.#most);
  }

  /** There was concurrency for so many. */
  shrink(running: number): void {
    this.#limit = Math.max(1, running);
  }

  /** The queue is empty. */
  reset(): void {
    this.#limit = Math.min(FIRST, this.#most);
  }
}
