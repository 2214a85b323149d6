/** A line of the bench's table. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with. */
  readonly peer: string;
  /** Ours divided by the peer's. */
  readonly ratio: number;
  /** What the ratio or value must be, in words. */
  readonly goal: string;
  readonly holds: boolean;
}

/** Middle of several measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** A number with three figures. */
export const rounded = (value: number): number => Number(value.toPrecision(3));
