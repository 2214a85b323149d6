import { wall } from '../kernel/clock.ts';

/** An answer that waits no longer than this for others to leave with, ms. */
const MAX_WAIT_MS = 1;

/** Somebody with something to send. */
export interface Departing {
  /** Sends what was held back. */
  depart(): void;
}

/**
 * Answers leave together, when all that had arrived is answered: the write that wakes a sleeping client is the dear one (half of a request's
 * cost under load), and the clients of a burst are then awake.
 */
export class Departures {
  #waiting: Departing[] = [];
  #since = 0;

  /** Has `one` depart at the end of this turn of the event loop, or sooner when the turn is long. */
  add(one: Departing): void {
    if (this.#waiting.push(one) === 1) {
      this.#since = wall.elapsed();
      setImmediate(this.#leave);
    } else if (wall.elapsed() - this.#since > MAX_WAIT_MS) this.#leave();
  }

  readonly #leave = (): void => {
    const leaving = this.#waiting;
    this.#waiting = [];
    for (const one of leaving) one.depart();
  };
}
