import type { StateValue } from '@aws-sdk/client-cloudwatch';
import { type Alarm, periodOf } from './alarm.ts';
import type { Series } from './series.ts';

/** What an alarm's datapoints make of it. */
export interface Verdict {
  readonly state: StateValue;
  readonly reason: string;
  readonly reasonData: string | undefined;
}

interface Datapoint {
  readonly at: number;
  readonly value: number | undefined;
}

/** Periods that are looked at beyond those of the alarm, for when some have no data. */
const MORE_PERIODS = 2;

/** How many periods back an alarm looks: AWS's evaluation range. */
export const rangeOf = ({ evaluationPeriods }: Alarm): number => evaluationPeriods + MORE_PERIODS;

/**
 * The state of an alarm by the datapoints of its last periods. Where some are missing older ones take their place, as far as there are any.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarms-and-missing-data
 *
 * @param series - of as many periods as {@link rangeOf} says
 * @param now - the end of its last period
 * @returns undefined when it stays as it is
 */
export function evaluate(alarm: Alarm, series: Series, now: number): Verdict | undefined {
  const period = periodOf(alarm) * 1000;
  const { evaluationPeriods, datapointsToAlarm = evaluationPeriods, treatMissingData = 'missing' } = alarm;
  const points: Datapoint[] = Array.from({ length: rangeOf(alarm) }, (_, index) => {
    const at = now - (index + 1) * period;
    return { at, value: series.get(at) };
  });
  const known = points.filter(({ value }) => value !== undefined).slice(0, evaluationPeriods);
  const missing = evaluationPeriods - known.length;
  const breaching = known.filter(({ value }) => value !== undefined && breaches(alarm, value));
  const bad = breaching.length + (treatMissingData === 'breaching' ? missing : 0);
  if (known.length === 0) return withoutData(alarm, missing, now);
  const shown = breaching.length > 0 ? breaching : known;
  if (bad >= datapointsToAlarm) return verdict(alarm, 'ALARM', crossed(alarm, shown, breaching.length > 0), known, now);
  const well = known.filter((point) => !breaching.includes(point));
  const isUndecided = missing > 0 && well.length === 0 && /^(missing|ignore)$/.test(treatMissingData);
  if (!isUndecided)
    return verdict(alarm, 'OK', crossed(alarm, well.length > 0 ? well : known, well.length === 0), known, now);
  // All that is known breaches: that is enough when it began long enough ago.
  const age = points.findLastIndex(({ value }) => value !== undefined) + 1;
  return treatMissingData === 'missing' && age >= datapointsToAlarm
    ? verdict(alarm, 'ALARM', crossed(alarm, shown, true), known, now)
    : undefined;
}

function withoutData(alarm: Alarm, missing: number, now: number): Verdict | undefined {
  const { treatMissingData = 'missing' } = alarm;
  const treated = (as: string): string =>
    `Threshold Crossed: no datapoints were received for ${count(missing, 'period')} and ${count(missing, 'missing datapoint')} ${missing === 1 ? 'was' : 'were'} treated as [${as}].`;
  switch (treatMissingData) {
    case 'breaching':
      return verdict(alarm, 'ALARM', treated('Breaching'), [], now);
    case 'notBreaching':
      return verdict(alarm, 'OK', treated('NonBreaching'), [], now);
    case 'ignore':
      return undefined;
    default:
      return verdict(
        alarm,
        'INSUFFICIENT_DATA',
        `Insufficient Data: ${count(missing, 'datapoint')} ${missing === 1 ? 'was' : 'were'} unknown.`,
        [],
        now,
      );
  }
}

const WORDS: Readonly<
  Record<string, readonly [words: string, breaches: (value: number, threshold: number) => boolean]>
> = {
  GreaterThanThreshold: ['greater than', (value, threshold) => value > threshold],
  GreaterThanOrEqualToThreshold: ['greater than or equal to', (value, threshold) => value >= threshold],
  LessThanThreshold: ['less than', (value, threshold) => value < threshold],
  LessThanOrEqualToThreshold: ['less than or equal to', (value, threshold) => value <= threshold],
};

/** The comparisons that alarms know here: those with a fixed threshold. */
export const COMPARISONS: ReadonlySet<string> = new Set(Object.keys(WORDS));

const breaches = ({ comparisonOperator, threshold }: Alarm, value: number): boolean =>
  WORDS[comparisonOperator]?.[1](value, threshold) === true;

function crossed(alarm: Alarm, points: readonly Datapoint[], isBreach: boolean): string {
  const { evaluationPeriods, datapointsToAlarm, comparisonOperator, threshold } = alarm;
  const shown = points.map(({ at, value = 0 }) => `${decimal(value)} (${day(at)})`).join(', ');
  const was = `${points.length === 1 ? 'was' : 'were'} ${isBreach ? '' : 'not '}${WORDS[comparisonOperator]?.[0]} the threshold (${decimal(threshold)})`;
  if (datapointsToAlarm === undefined)
    return `Threshold Crossed: ${count(points.length, 'datapoint')} [${shown}] ${was}.`;
  const transition = isBreach ? 'OK -> ALARM' : 'ALARM -> OK';
  const needed = isBreach ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  return `Threshold Crossed: ${points.length} out of the last ${evaluationPeriods} datapoints [${shown}] ${was} (minimum ${count(needed, 'datapoint')} for ${transition} transition).`;
}

function verdict(alarm: Alarm, state: StateValue, reason: string, points: readonly Datapoint[], now: number): Verdict {
  const known = points.filter(({ value }) => value !== undefined);
  const data = {
    version: '1.0',
    queryDate: longDate(now),
    ...(known.length === 0 ? {} : { startDate: longDate(known.at(-1)?.at ?? now) }),
    ...(alarm.statistic === undefined ? {} : { statistic: alarm.statistic }),
    period: periodOf(alarm),
    recentDatapoints: known.map(({ value }) => value),
    threshold: alarm.threshold,
    ...(known.length === 0
      ? {}
      : { evaluatedDatapoints: known.map(({ at, value }) => ({ timestamp: longDate(at), value })) }),
  };
  return { state, reason, reasonData: JSON.stringify(data) };
}

/** `2026-11-24T05:52:00.000+0000`, as alarms write times. */
export const longDate = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000');

/** `24/11/26 05:52:00` */
const day = (ms: number): string => {
  const text = new Date(ms).toISOString();
  return `${text.slice(8, 10)}/${text.slice(5, 7)}/${text.slice(2, 4)} ${text.slice(11, 19)}`;
};

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** A number as Java writes a double. */
const decimal = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));
