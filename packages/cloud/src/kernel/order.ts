/** Something that is due: what an {@link Order} chooses from. */
export interface Item {
  readonly due: number;
  /** Rises with each item: the order in which they were posted. */
  readonly posted: number;
  /** Who it is for, in words. */
  readonly label: string;
  /** The id of the hop that caused it. */
  readonly cause: number;
  /** Whose step it is, where it is one's. */
  readonly lane?: string | undefined;
  /** Its number in its lane: a step's place does not depend on when it arrived. */
  readonly number?: number | undefined;
}

/** Where a step has its place among those that are ready. */
export interface Place {
  /** Who it belongs to: an environment's name, `client`. */
  readonly lane: string;
  readonly number: number;
  /** What it is, in words that begin with the lane. */
  readonly label: string;
}

/** Takes the place of time of arrival: when everything is quiet one step is chosen, and the next one when everything is quiet again. */
export interface Order {
  /**
   * Whether nobody outside is about to ask for something. Who says no calls `scheduler.look()` when it may have changed.
   *
   * @param isSettling - whether `settle()` or `advance()` waits
   */
  isQuiet(isSettling: boolean): boolean;
  choose(ready: readonly Item[]): Item;
  /** Hears of something that is not in the order: the run cannot be repeated, and goes on without order. */
  spoil(reason: string, remedy: string, where: string): void;
}

/** Steps with a lane first, each lane in its own order: then the first of all goes on with what was begun. */
export function byPlace(a: Item, b: Item): number {
  if (a.lane !== b.lane) {
    if (a.lane === undefined) return 1;
    if (b.lane === undefined) return -1;
    return a.lane < b.lane ? -1 : 1;
  }
  return (a.number ?? 0) - (b.number ?? 0) || a.posted - b.posted;
}
