import type { Datum } from '../../kernel/metrics.ts';
import { merged } from '../../kernel/metrics.ts';

const PLAIN = new Set(['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum']);
const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;

/** Whether a statistic is one that is known here: the five, and percentiles (`p99`, `p99.9`). */
export const isStatistic = (name: string): boolean => PLAIN.has(name) || PERCENTILE.test(name);

/** Several measurements as one; undefined for none. */
export const together = (data: readonly Datum[]): Datum | undefined =>
  data.length === 0 ? undefined : data.reduce(merged);

/** A statistic of what was measured; undefined when it cannot be told. */
export function statisticOf(datum: Datum, statistic: string): number | undefined {
  switch (statistic) {
    case 'SampleCount':
      return datum.count;
    case 'Sum':
      return datum.sum;
    case 'Minimum':
      return datum.min;
    case 'Maximum':
      return datum.max;
    case 'Average':
      return datum.count === 0 ? 0 : datum.sum / datum.count;
    default:
      return percentileOf(datum, Number(PERCENTILE.exec(statistic)?.[1]));
  }
}

/** The value that a share of the measured ones does not exceed, between neighbours in proportion. */
function percentileOf({ values, count, min, max }: Datum, percent: number): number | undefined {
  // Of statistic sets AWS tells percentiles only when all values are the same, or there is one.
  if (values === undefined) return min === max || count === 1 ? min : undefined;
  const sorted = [...values].sort(([a], [b]) => a - b);
  const place = (percent / 100) * (count - 1);
  const low = valueAt(sorted, Math.floor(place));
  const high = valueAt(sorted, Math.ceil(place));
  return low + (high - low) * (place - Math.floor(place));
}

/** The n-th of sorted values, from 0. */
function valueAt(sorted: readonly (readonly [value: number, count: number])[], place: number): number {
  let passed = 0;
  for (const [value, count] of sorted) {
    passed += count;
    if (place < passed) return value;
  }
  return sorted.at(-1)?.[0] ?? 0;
}
