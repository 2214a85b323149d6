import type {
  ComparisonOperator,
  Dimension,
  MetricDataQuery,
  StandardUnit,
  StateValue,
  Statistic,
  Tag,
} from '@aws-sdk/client-cloudwatch';
import type { MetricId } from '../../kernel/metrics.ts';
import { arn, type Scope } from '../../kernel/names.ts';
import { metricOf } from './metric.ts';

/** What alarms of all kinds have: in AWS's words, with times in ms. */
export interface CommonAlarm extends Scope {
  readonly name: string;
  readonly description?: string | undefined;
  readonly actionsEnabled: boolean;
  readonly okActions: readonly string[];
  readonly alarmActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
  readonly tags: readonly Tag[];
  readonly configuredAt: number;
  readonly state: AlarmState;
}

/** A metric alarm as it is kept. */
export interface Alarm extends CommonAlarm {
  /** Of an alarm on one metric. */
  readonly metricName?: string | undefined;
  readonly namespace?: string | undefined;
  readonly statistic?: Statistic | undefined;
  readonly extendedStatistic?: string | undefined;
  readonly dimensions: readonly Dimension[];
  /** s */
  readonly period?: number | undefined;
  readonly unit?: StandardUnit | undefined;
  /** Of an alarm on metric math. */
  readonly metrics?: readonly MetricDataQuery[] | undefined;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm?: number | undefined;
  readonly threshold: number;
  readonly comparisonOperator: ComparisonOperator;
  readonly treatMissingData?: string | undefined;
  readonly evaluateLowSampleCountPercentile?: string | undefined;
}

export interface AlarmState {
  readonly value: StateValue;
  readonly reason: string;
  /** JSON, or undefined where AWS gives none. */
  readonly reasonData?: string | undefined;
  readonly updatedAt: number;
  readonly transitionedAt: number;
}

export const alarmArn = (scope: Scope, name: string): string => arn('cloudwatch', scope, `alarm:${name}`);

/** The metrics that an alarm looks at, with what is asked of each. */
export function metricsOf(alarm: Alarm): readonly MetricDataQuery[] {
  if (alarm.metrics !== undefined) return alarm.metrics;
  const { namespace, metricName, dimensions, period, unit, statistic, extendedStatistic } = alarm;
  return [
    {
      Id: 'm1',
      MetricStat: {
        Metric: { Namespace: namespace, MetricName: metricName, Dimensions: [...dimensions] },
        Period: period,
        Stat: statistic ?? extendedStatistic,
        Unit: unit,
      },
      ReturnData: true,
    },
  ];
}

/** The series that an alarm looks at. */
export const watchedBy = (alarm: Alarm): MetricId[] =>
  metricsOf(alarm).flatMap(({ MetricStat }) => {
    const { Namespace = '', MetricName = '', Dimensions = [] } = MetricStat?.Metric ?? {};
    return MetricStat === undefined ? [] : [metricOf(alarm, Namespace, MetricName, Dimensions)];
  });

/** The period of an alarm's datapoints, s. */
export const periodOf = (alarm: Alarm): number =>
  alarm.period ??
  alarm.metrics?.find(({ ReturnData }) => ReturnData !== false)?.Period ??
  alarm.metrics?.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat?.Period ??
  60;
