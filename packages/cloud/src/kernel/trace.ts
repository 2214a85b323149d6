/** What became of a hop. An AWS error code stands for itself. */
export type Outcome = 'ok' | 'denied' | 'throttled' | 'duplicate' | 'dropped' | (string & {});

/** One step of an event from one service to another, with its cause. */
export interface Hop {
  /** From a counter: 1 is the first hop of this cloud. */
  readonly id: number;
  /** The id of the hop that caused this one; 0 for an outside request, a schedule or a test's call. */
  readonly cause: number;
  /** The cloud's time, ms. */
  readonly at: number;
  /** Milliseconds of the machine's time; undefined while it runs. Never part of a comparison. */
  duration: number | undefined;
  readonly service: string;
  readonly operation: string;
  /** The ARN of who did it, or a service principal. */
  readonly principal: string;
  /** The ARN of what it was done to. */
  readonly resource: string;
  /** What it goes to next, where that is known: a function's environment, a queue. */
  target: string | undefined;
  outcome: Outcome | undefined;
  /** Of the request's body. */
  readonly bytes: number;
  note: string | undefined;
}

/** What is known of a hop when it begins. */
export interface HopStart {
  readonly cause: number;
  readonly service: string;
  readonly operation: string;
  readonly principal: string;
  readonly resource: string;
  readonly target?: string | undefined;
  readonly bytes?: number;
  readonly note?: string | undefined;
}

/** The record of every hop: a ring in memory, which `settle()`, the explorer, cost and least privilege read. */
export class Trace {
  readonly #now: () => number;
  readonly #elapsed: () => number;
  readonly #capacity: number;
  readonly #ring: Hop[] = [];
  readonly #started: number[] = [];
  readonly #listeners = new Set<(hop: Hop) => void>();
  #count = 0;

  /**
   * @param now - the cloud's time
   * @param elapsed - the machine's monotonic time
   * @param capacity - hops kept; the oldest are forgotten first
   */
  constructor(now: () => number, elapsed: () => number, capacity = 100_000) {
    this.#now = now;
    this.#elapsed = elapsed;
    this.#capacity = capacity;
  }

  /** Records that a hop begins. */
  begin(start: HopStart): Hop {
    const id = ++this.#count;
    const hop: Hop = {
      id,
      cause: start.cause,
      at: this.#now(),
      duration: undefined,
      service: start.service,
      operation: start.operation,
      principal: start.principal,
      resource: start.resource,
      target: start.target,
      outcome: undefined,
      bytes: start.bytes ?? 0,
      note: start.note,
    };
    const place = (id - 1) % this.#capacity;
    this.#ring[place] = hop;
    this.#started[place] = this.#elapsed();
    return hop;
  }

  /** Records how it ended, and tells those who listen. */
  end(hop: Hop, outcome: Outcome): void {
    const place = (hop.id - 1) % this.#capacity;
    hop.duration = this.#ring[place] === hop ? this.#elapsed() - (this.#started[place] ?? 0) : undefined;
    hop.outcome = outcome;
    for (const listener of this.#listeners) listener(hop);
  }

  /** All hops that are still kept, oldest first. */
  all(): Hop[] {
    const first = this.#count % this.#capacity;
    return this.#count <= this.#capacity
      ? [...this.#ring]
      : [...this.#ring.slice(first), ...this.#ring.slice(0, first)];
  }

  /** The hop of an id, if it is still kept. */
  get(id: number): Hop | undefined {
    const hop = this.#ring[(id - 1) % this.#capacity];
    return hop?.id === id ? hop : undefined;
  }

  /**
   * The hops of a resource, oldest first: where it, or something below it (a route of an API, an index of a table), was acted on or was the
   * target.
   *
   * @param resource - its ARN
   */
  of(resource: string): Hop[] {
    const below = `${resource}/`;
    const isOf = (arn: string | undefined): boolean => arn === resource || arn?.startsWith(below) === true;
    return this.all().filter((hop) => isOf(hop.resource) || isOf(hop.target));
  }

  /** The hops that this one caused directly. */
  causedBy(hop: Hop): Hop[] {
    return this.all().filter(({ cause }) => cause === hop.id);
  }

  /** Calls `listener` with each hop that ends, until the result is disposed of. */
  listen(listener: (hop: Hop) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Forgets all hops; ids go on. @param before - the id before the next one, where a run is to be as the one before */
  clear(before?: number): void {
    this.#ring.length = 0;
    this.#started.length = 0;
    this.#count = before ?? Math.ceil(this.#count / this.#capacity) * this.#capacity;
  }
}
