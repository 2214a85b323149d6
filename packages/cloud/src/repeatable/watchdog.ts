import { wall } from '../kernel/clock.ts';
import type { Scheduler } from '../kernel/scheduler.ts';

/** Milliseconds of the machine's time in which a step has to be taken while somebody waits. */
const PATIENCE = 20_000;
const INTERVAL = 1000;

/** Looks whether steps are taken as long as anything is under way: a run that stands still is given up, and says why. */
export class Watchdog implements Disposable {
  readonly #scheduler: Scheduler;
  readonly #steps: () => number;
  #seen = -1;
  #since = 0;
  #timer: Disposable;

  /** @param steps - how many were taken */
  constructor(scheduler: Scheduler, steps: () => number) {
    this.#scheduler = scheduler;
    this.#steps = steps;
    this.#timer = wall.after(INTERVAL, this.#look);
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  readonly #look = (): void => {
    const now = wall.elapsed();
    const steps = this.#steps();
    const pending = this.#scheduler.isOrdered ? this.#scheduler.pending() : [];
    if (steps !== this.#seen || pending.length === 0) {
      this.#seen = steps;
      this.#since = now;
    } else if (now - this.#since >= PATIENCE) {
      this.#scheduler.spoil(
        `no step was taken for ${PATIENCE / 1000} seconds, since something never came to rest: ${pending.join('; ')}`,
        'let functions wait only for this cloud and for timers, and the test for answers or settle()',
        pending[0] ?? '',
      );
    }
    this.#timer = wall.after(INTERVAL, this.#look);
  };
}
