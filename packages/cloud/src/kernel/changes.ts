import type { Scheduler } from './scheduler.ts';

/** Whether something of what is kept beside the rows may be of a time that the cloud has come back from: see {@link Scheduler.onComeBack}. */
export class Changes {
  #areThere = false;

  /** @param forget - called when the cloud comes back to a time before a change: what was read of the rows must be read again */
  constructor(scheduler: Pick<Scheduler, 'onComeBack'>, forget: () => void) {
    scheduler.onComeBack(() => {
      if (this.#areThere) forget();
      this.#areThere = false;
    });
  }

  /** Says that rows have changed. */
  note(): void {
    this.#areThere = true;
  }
}
