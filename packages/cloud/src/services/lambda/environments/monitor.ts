import { wall } from '../../../kernel/clock.ts';

/** Something that has to be looked at while it runs. */
export interface Monitored {
  look(): void;
}

/** Milliseconds of the machine's time between two looks. */
const INTERVAL = 100;

/** Looks at what runs, again and again; what is over before the first look costs nothing. */
export class Monitor {
  readonly #running = new Set<Monitored>();
  #timer: Disposable | undefined;

  add(monitored: Monitored): void {
    this.#running.add(monitored);
    this.#timer ??= wall.after(INTERVAL, () => this.#tick());
  }

  remove(monitored: Monitored): void {
    this.#running.delete(monitored);
  }

  stop(): void {
    this.#timer?.[Symbol.dispose]();
    this.#running.clear();
  }

  #tick(): void {
    this.#timer = undefined;
    for (const monitored of this.#running) monitored.look();
    if (this.#running.size > 0) this.#timer = wall.after(INTERVAL, () => this.#tick());
  }
}
