/** How many messages a queue has, without counting rows. A message whose time has not come is `delayed`, or `inFlight` once it was received. */
export class Counts {
  total: number;
  /** Received, and not to be received again before a time that was to come at {@link until}. */
  inFlight: number;
  /** Sent, and not to be received before a time that was to come at {@link until}. */
  delayed: number;
  /** The time up to which messages have been counted as visible. */
  until: number;
  /** Hears of changes. */
  changed: (() => void) | undefined;
  /** Calls of {@link add} since the last {@link settle}. */
  #adds = 0;

  constructor(total: number, inFlight: number, delayed: number, until: number) {
    this.total = total;
    this.inFlight = inFlight;
    this.delayed = delayed;
    this.until = until;
  }

  add(at: number, sent: number, receives: number, now: number): void {
    if (this.inFlight + this.delayed === 0) this.until = now;
    this.total++;
    this.#adds++;
    this.changed?.();
    if (at <= this.until || at <= sent) return;
    if (receives > 0) this.inFlight++;
    else this.delayed++;
  }

  remove(at: number, sent: number, receives: number): void {
    this.total--;
    this.changed?.();
    if (at <= this.until || at <= sent) return;
    if (receives > 0) this.inFlight--;
    else this.delayed--;
  }

  /** Whether so much was added that the next {@link settle} would have much to count. */
  get isStale(): boolean {
    return this.#adds > 1000;
  }

  /**
   * Counts as visible what has become so.
   *
   * @param passed - tells how many received ones, and others, have their time in (from, to]
   */
  settle(now: number, passed: (from: number, to: number) => readonly [received: number, others: number]): void {
    this.#adds = 0;
    if (now <= this.until) return;
    if (this.inFlight + this.delayed > 0) {
      const [received, others] = passed(this.until, now);
      this.inFlight -= received;
      this.delayed -= others;
    }
    this.until = now;
  }
}
