/** What waits for room. */
interface Waiting {
  look(): void;
}

/** Batches that run at once, of all mappings of a cloud together: this is one machine, and each takes a process. */
export class Capacity {
  readonly #most: number;
  readonly #waiting = new Set<Waiting>();
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether there is room for another batch; `waiting` is told when there is. */
  has(waiting: Waiting): boolean {
    if (this.#taken < this.#most) return true;
    this.#waiting.add(waiting);
    return false;
  }

  enter(): void {
    this.#taken++;
  }

  leave(): void {
    this.#taken--;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const each of waiting) each.look();
  }
}
