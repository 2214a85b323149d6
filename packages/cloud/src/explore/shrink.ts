/** What became of a try with other picks: the picks that it made in fact when it fails too, undefined when it passes. */
export type Attempt = (picks: readonly number[]) => Promise<readonly number[] | undefined>;

/** The least picks that were found, and what it took. */
export interface Shrunk {
  readonly picks: readonly number[];
  readonly attempts: number;
}

/**
 * Makes a failing run simpler: as many picks as can be become the oldest (0), in blocks that are halved, then each of the rest is made smaller, and
 * comes as late as it can: that is where it matters.
 *
 * @param attempt - runs picks and says whether it still fails; equal picks are tried once
 * @param limit - tries at most
 */
export async function shrink(picks: readonly number[], attempt: Attempt, limit = 500): Promise<Shrunk> {
  const search = new Shrinking(trimmed(picks), attempt, limit);
  if (search.best.length > 0) await search.accepts([]);
  for (let before = ''; before !== String(search.best) && search.best.length > 0; ) {
    before = String(search.best);
    await zeroBlocks(search);
    await lowerEach(search);
  }
  await delayEach(search);
  return { picks: search.best, attempts: search.attempts };
}

async function zeroBlocks(search: Shrinking): Promise<void> {
  for (
    let size = Math.ceil(deviations(search.best).length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    // From the end: what comes late often hangs on what came before, never the other way round.
    for (let end = deviations(search.best).length; end > 0; end -= size) {
      const block = new Set(deviations(search.best).slice(Math.max(end - size, 0), end));
      if (block.size > 0) await search.accepts(search.best.map((pick, at) => (block.has(at) ? 0 : pick)));
    }
  }
}

async function lowerEach(search: Shrinking): Promise<void> {
  for (const at of deviations(search.best)) {
    for (let pick = 1; pick < (search.best[at] ?? 0); pick++) {
      if (await search.accepts(search.best.map((old, place) => (place === at ? pick : old)))) break;
    }
  }
}

async function delayEach(search: Shrinking): Promise<void> {
  for (const start of deviations(search.best).reverse()) {
    for (let at = start; (search.best[at] ?? 0) > 0 && (search.best[at + 1] ?? 0) === 0; at++) {
      const { best } = search;
      if (!(await search.accepts([...best.slice(0, at), 0, best[at] ?? 0, ...best.slice(at + 2)]))) break;
    }
  }
}

/** Whether picks are simpler: fewer that are not the oldest, then smaller ones, then later ones. */
export function isSimpler(a: readonly number[], b: readonly number[]): boolean {
  const places = (picks: readonly number[]): number => sum(deviations(picks));
  const order = deviations(a).length - deviations(b).length || sum(a) - sum(b) || places(b) - places(a);
  return order < 0;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const deviations = (picks: readonly number[]): number[] => picks.flatMap((pick, at) => (pick === 0 ? [] : [at]));

/** Picks without those at the end that are the oldest anyway. */
export const trimmed = (picks: readonly number[]): number[] =>
  picks.slice(0, picks.findLastIndex((pick) => pick !== 0) + 1);

class Shrinking {
  best: readonly number[];
  attempts = 0;
  readonly #attempt: Attempt;
  readonly #limit: number;
  readonly #tried = new Set<string>();

  constructor(best: readonly number[], attempt: Attempt, limit: number) {
    this.best = best;
    this.#attempt = attempt;
    this.#limit = limit;
    this.#tried.add(String(best));
  }

  /** Tries picks and keeps them when they fail too and are simpler than the best so far. */
  async accepts(picks: readonly number[]): Promise<boolean> {
    const key = String(trimmed(picks));
    if (this.#tried.has(key) || this.attempts >= this.#limit) return false;
    this.#tried.add(key);
    this.attempts++;
    const made = await this.#attempt(trimmed(picks));
    if (made === undefined || !isSimpler(trimmed(made), this.best)) return false;
    this.best = trimmed(made);
    return true;
  }
}
