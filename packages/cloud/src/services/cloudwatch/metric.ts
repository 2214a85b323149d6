import type { Dimension, MetricDatum } from '@aws-sdk/client-cloudwatch';
import { type Datum, dimensionsText, type MetricId, MINUTE } from '../../kernel/metrics.ts';
import type { Scope } from '../../kernel/names.ts';
import { invalidCombination, invalidValue, missingParameter } from './errors.ts';

const SIZES = ['', 'Kilo', 'Mega', 'Giga', 'Tera'].flatMap((scale) =>
  scale === '' ? ['Bytes', 'Bits'] : [`${scale}bytes`, `${scale}bits`],
);
const UNITS: ReadonlySet<string> = new Set([
  ...['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'Count', 'Count/Second', 'None'],
  ...SIZES,
  ...SIZES.map((size) => `${size}/Second`),
]);
const MAX_DIMENSIONS = 30;
const DAY = 86_400_000;

/** The metric that a namespace, a name and dimensions name. */
export const metricOf = (
  { account, region }: Scope,
  namespace: string,
  name: string,
  dimensions: readonly Dimension[] = [],
): MetricId => ({
  account,
  region,
  namespace,
  name,
  dimensions: dimensionsText(Object.fromEntries(dimensions.map(({ Name = '', Value = '' }) => [Name, Value]))),
});

/** The dimensions of a metric as the API gives them. */
export const dimensionsOf = ({ dimensions }: Pick<MetricId, 'dimensions'>): Dimension[] =>
  (JSON.parse(dimensions) as [string, string][]).map(([Name, Value]) => ({ Name, Value })); // written by `dimensionsText`

/** @throws InvalidParameterValue */
export function checkUnit(at: string, unit: string | undefined): void {
  if (unit !== undefined && !UNITS.has(unit))
    throw invalidValue(`The parameter ${at} must be a value in the set [ ${[...UNITS].join(', ')} ].`);
}

/** @throws InvalidParameterValue, MissingParameter */
export function checkDimensions(at: string, dimensions: readonly Dimension[] = []): void {
  if (dimensions.length > MAX_DIMENSIONS)
    throw invalidValue(`The collection ${at} must not have a size greater than ${MAX_DIMENSIONS}.`);
  for (const [index, { Name, Value }] of dimensions.entries()) {
    const member = `${at}.member.${index + 1}`;
    if (!Name) throw missingParameter(`The parameter ${member}.Name is required.`);
    if (!Value) throw missingParameter(`The parameter ${member}.Value is required.`);
    if (Name.startsWith(':')) throw invalidValue(`The value ${Name} for parameter ${member}.Name is invalid.`);
  }
}

/**
 * What one entry of `PutMetricData` measured.
 *
 * @param now - the cloud's time, of entries without one
 * @throws InvalidParameterValue, InvalidParameterCombination, MissingParameter
 */
export function datumOf(entry: MetricDatum, at: string, now: number): Datum {
  const { MetricName, Value, Values, Counts, StatisticValues, StorageResolution, Timestamp, Unit = 'None' } = entry;
  if (!MetricName) throw missingParameter(`The parameter ${at}.MetricName is required.`);
  checkUnit(`${at}.Unit`, Unit);
  checkDimensions(`${at}.Dimensions`, entry.Dimensions);
  if (StorageResolution !== undefined && StorageResolution !== 1 && StorageResolution !== 60)
    throw invalidValue(`The value ${StorageResolution} for parameter ${at}.StorageResolution is invalid.`);
  const given = [Value, Values, StatisticValues].filter((one) => one !== undefined).length;
  if (given > 1)
    throw invalidCombination(
      `The parameters ${at}.Value and ${at}.${Values === undefined ? 'StatisticValues' : 'Values'} are mutually exclusive and you have specified both.`,
    );
  if (given === 0)
    throw missingParameter(
      `At least one of the parameters ${at}.Value, ${at}.Values or ${at}.StatisticValues is required.`,
    );
  const time = Timestamp?.getTime() ?? now;
  if (time < now - 14 * DAY - DAY || time > now + 2 * 3_600_000)
    throw invalidValue(
      `The parameter ${at}.Timestamp must specify a time no more than two weeks in the past and no more than two hours in the future.`,
    );
  const grain = StorageResolution === 1 ? 1000 : MINUTE;
  const where = { at: Math.floor(time / grain) * grain, unit: Unit };
  if (StatisticValues !== undefined) {
    const { SampleCount = 0, Sum = 0, Minimum = 0, Maximum = 0 } = StatisticValues;
    for (const number of [SampleCount, Sum, Minimum, Maximum]) checkNumber(`${at}.StatisticValues`, number);
    return { ...where, count: SampleCount, sum: Sum, min: Minimum, max: Maximum };
  }
  const values = Values ?? [Value ?? 0];
  if (Counts !== undefined && Counts.length !== values.length)
    throw invalidValue(`The parameters ${at}.Values and ${at}.Counts must be of the same size.`);
  const tally = new Map<number, number>();
  for (const [index, value] of values.entries()) {
    checkNumber(Values === undefined ? `${at}.Value` : `${at}.Values.member.${index + 1}`, value);
    tally.set(value, (tally.get(value) ?? 0) + (Counts?.[index] ?? 1));
  }
  const entries = [...tally];
  return {
    ...where,
    count: entries.reduce((total, [, count]) => total + count, 0),
    sum: entries.reduce((total, [value, count]) => total + value * count, 0),
    min: Math.min(...tally.keys()),
    max: Math.max(...tally.keys()),
    values: tally,
  };
}

function checkNumber(at: string, value: number): void {
  if (!Number.isFinite(value)) throw invalidValue(`The value ${value} for parameter ${at} is invalid.`);
}
