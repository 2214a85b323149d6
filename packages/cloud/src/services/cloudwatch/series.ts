import { type Datum, type MetricId, type Metrics, MINUTE } from '../../kernel/metrics.ts';
import { statisticOf, together } from './statistics.ts';

/** The datapoints of a series, by the beginning of their period (ms). */
export type Series = Map<number, number>;

/** Which datapoints are wanted. */
export interface Range {
  /** The beginning of the first period. */
  readonly from: number;
  /** Where the last period ends, or begins behind. */
  readonly to: number;
  /** ms */
  readonly period: number;
}

/** A metric's statistic in each period in which something was measured. */
export function seriesOf(
  metrics: Metrics,
  id: MetricId,
  { from, to, period }: Range,
  { statistic, unit, now }: { readonly statistic: string; readonly unit: string | undefined; readonly now: number },
): Series {
  const end = from + Math.ceil((to - from) / period) * period;
  const data = dataOf(metrics, id, from, end, now).filter((datum) => unit === undefined || datum.unit === unit);
  const byPeriod = Map.groupBy(data, ({ at }) => from + Math.floor((at - from) / period) * period);
  const series: Series = new Map();
  for (const [at, group] of byPeriod) {
    const whole = together(group);
    const value = whole === undefined ? undefined : statisticOf(whole, statistic);
    if (value !== undefined) series.set(at, value);
  }
  return series;
}

/** What was measured in [from, to): of a gauge one value a minute, as last seen, up to now. */
export function dataOf(metrics: Metrics, id: MetricId, from: number, to: number, now: number): Datum[] {
  const data = metrics.between(id, from, to);
  const present = metrics.read(id);
  if (present === undefined) return data;
  const seen = new Map(data.map((datum) => [datum.at, datum]));
  let last = metrics.before(id, from);
  const filled: Datum[] = [];
  for (let at = Math.ceil(from / MINUTE) * MINUTE; at < to && at <= now; at += MINUTE) {
    const isNow = now < at + MINUTE;
    last = isNow ? sample(at, present.value) : (seen.get(at) ?? last);
    if (last !== undefined) filled.push({ ...last, at });
  }
  return filled;
}

/** A gauge's value as a measurement. */
export const sample = (at: number, value: number): Datum => ({
  at,
  unit: 'Count',
  count: 1,
  sum: value,
  min: value,
  max: value,
  values: new Map([[value, 1]]),
});
