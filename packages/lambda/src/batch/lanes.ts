/** How records are worked off. */
export interface LaneRules<Item> {
  /** How many at once at most. */
  readonly parallelism: number;
  /** Whether a failure ends the work on all lanes, not on its own alone. */
  readonly stopAll: boolean;
  /** Whether those behind a failed item wait for it: it comes again. */
  readonly waitFor: (item: Item) => boolean;
  /** Whether there is time left to begin one more. */
  readonly mayBegin: () => boolean;
}

/**
 * Works off items in lanes: those of a lane one after the other, until one fails; lanes side by side.
 *
 * @param lanes - items, in order
 * @param work - false: it failed
 * @returns the items that were done
 */
export async function workOff<Item>(
  lanes: readonly (readonly Item[])[],
  work: (item: Item) => Promise<boolean>,
  { parallelism, stopAll, waitFor, mayBegin }: LaneRules<Item>,
): Promise<Set<Item>> {
  const done = new Set<Item>();
  let next = 0;
  let begun = 0;
  let stopped = false;
  const worker = async (): Promise<void> => {
    for (let lane = lanes[next++]; lane !== undefined; lane = lanes[next++]) {
      for (const item of lane) {
        // The first always begins: a function with little time would else never get on.
        if (!stopped && begun++ > 0 && !mayBegin()) stopped = true;
        if (stopped) return;
        if (await work(item)) done.add(item);
        else if (stopAll && waitFor(item)) stopped = true;
        else if (waitFor(item)) break;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallelism, lanes.length) }, worker));
  return done;
}

/** Items in lanes by a key, each lane in the order of the items. */
export function lanesOf<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  const lanes = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const lane = lanes.get(key);
    if (lane === undefined) lanes.set(key, [item]);
    else lane.push(item);
  }
  return [...lanes.values()];
}
