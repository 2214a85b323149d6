/** Messages whose cause is remembered; those that were received first are forgotten first. */
const MOST = 10_000;

/**
 * What made the messages of a queue available, by their ids: one that comes again follows from what sent it, not from what happened last in the
 * queue.
 */
export class Causes {
  readonly #causes = new Map<string, number>();

  /** The cause of a message that was received. @param now - the cause of what has just become available */
  of(id: string, now: number): number {
    const known = this.#causes.get(id);
    if (known !== undefined) return known;
    if (this.#causes.size >= MOST) {
      const [oldest = ''] = this.#causes.keys();
      this.#causes.delete(oldest);
    }
    this.#causes.set(id, now);
    return now;
  }

  /** The message is done with. */
  forget(id: string): void {
    this.#causes.delete(id);
  }
}
