import { wall } from '../../../kernel/clock.ts';

/**
 * One time limit that is set anew again and again, thousands of times a second: its timer is left alone and looks, when it ends, how much is
 * left by then.
 */
export class Deadline {
  readonly #onEnd: () => void;
  #due = Number.POSITIVE_INFINITY;
  #timer: (Disposable & { readonly due: number }) | undefined;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  /** @param ms - of the machine's time, from now on */
  set(ms: number): void {
    this.#due = wall.elapsed() + ms;
    if (this.#timer === undefined || this.#timer.due > this.#due) this.#arm(ms);
  }

  clear(): void {
    this.#due = Number.POSITIVE_INFINITY;
  }

  stop(): void {
    this.clear();
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #arm(ms: number): void {
    this.#timer?.[Symbol.dispose]();
    const timer = wall.after(ms, () => {
      this.#timer = undefined;
      if (this.#due === Number.POSITIVE_INFINITY) return;
      const left = this.#due - wall.elapsed();
      if (left > 0) this.#arm(left);
      else {
        this.clear();
        this.#onEnd();
      }
    });
    this.#timer = { due: wall.elapsed() + ms, [Symbol.dispose]: () => timer[Symbol.dispose]() };
  }
}
