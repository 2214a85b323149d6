/** One figure of a bench. */
export interface Row {
  readonly name: string;
  /** Ours. */
  readonly value: number;
  readonly unit: string;
  /** What it is compared with. */
  readonly peer: { readonly name: string; readonly value: number } | undefined;
  /** Ours divided by the peer's. */
  readonly ratio: number | undefined;
  /** In words: `at least 3`, `at most 0.8`, of the ratio or, without a peer, of the value. */
  readonly goal: string | undefined;
  readonly holds: boolean | undefined;
}

export interface RunOptions {
  /** Rounds in which peers and ours take turns. */
  readonly rounds: number;
  /** Only the parts whose name contains this. */
  readonly only: string | undefined;
  /** Says what is going on. */
  readonly log: (text: string) => void;
}

/** A bench: `bench/src/<name>/index.ts` exports it as `run`. */
export type Run = (options: RunOptions) => Promise<Row[]>;

export interface Goal {
  readonly kind: 'at least' | 'at most';
  readonly bound: number;
}

/** A figure beside a peer's, judged by their ratio. */
export function beside(
  name: string,
  unit: string,
  value: number,
  peer: { name: string; value: number },
  goal?: Goal,
): Row {
  const ratio = value / peer.value;
  return { name, value, unit, peer, ratio, ...judged(ratio, goal) };
}

/** A figure that stands alone. */
export const alone = (name: string, unit: string, value: number, goal?: Goal): Row => ({
  name,
  value,
  unit,
  peer: undefined,
  ratio: undefined,
  ...judged(value, goal),
});

const judged = (value: number, goal: Goal | undefined): Pick<Row, 'goal' | 'holds'> => ({
  goal: goal === undefined ? undefined : `${goal.kind} ${goal.bound}`,
  holds: goal === undefined ? undefined : goal.kind === 'at least' ? value >= goal.bound : value <= goal.bound,
});

export const atLeast = (bound: number): Goal => ({ kind: 'at least', bound });
export const atMost = (bound: number): Goal => ({ kind: 'at most', bound });

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
