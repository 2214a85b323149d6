import { type Alarm, type AlarmState, alarmArn, type CommonAlarm, metricsOf } from './alarm.ts';
import { type CompositeAlarm, isComposite } from './compositeAlarm.ts';
import { longDate } from './evaluation.ts';

const REGIONS: Readonly<Record<string, string>> = {
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-1': 'US West (N. California)',
  'us-west-2': 'US West (Oregon)',
  'ca-central-1': 'Canada (Central)',
  'eu-central-1': 'EU (Frankfurt)',
  'eu-north-1': 'EU (Stockholm)',
  'eu-south-1': 'EU (Milan)',
  'eu-west-1': 'EU (Ireland)',
  'eu-west-2': 'EU (London)',
  'eu-west-3': 'EU (Paris)',
  'ap-northeast-1': 'Asia Pacific (Tokyo)',
  'ap-northeast-2': 'Asia Pacific (Seoul)',
  'ap-south-1': 'Asia Pacific (Mumbai)',
  'ap-southeast-1': 'Asia Pacific (Singapore)',
  'ap-southeast-2': 'Asia Pacific (Sydney)',
  'sa-east-1': 'South America (Sao Paulo)',
};

const regionName = (region: string): string => REGIONS[region] ?? region;

/** What an alarm writes over a message to a topic. */
export const subjectOf = ({ name, region }: CommonAlarm, { value }: AlarmState): string =>
  `${value}: "${name}" in ${regionName(region)}`.slice(0, 100);

/** What an alarm tells a topic. */
export function messageOf(alarm: Alarm | CompositeAlarm, state: AlarmState, before: AlarmState): string {
  return JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    ...(isComposite(alarm) ? { AlarmRule: alarm.rule } : {}),
    AWSAccountId: alarm.account,
    AlarmConfigurationUpdatedTimestamp: longDate(alarm.configuredAt),
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: longDate(state.transitionedAt),
    Region: regionName(alarm.region),
    AlarmArn: alarmArn(alarm, alarm.name),
    OldStateValue: before.value,
    OKActions: alarm.okActions,
    AlarmActions: alarm.alarmActions,
    InsufficientDataActions: alarm.insufficientDataActions,
    ...(isComposite(alarm) ? {} : { Trigger: triggerOf(alarm) }),
  });
}

const STATISTICS: Readonly<Record<string, string>> = { SampleCount: 'SAMPLE_COUNT' };

function triggerOf(alarm: Alarm): object {
  const { statistic, extendedStatistic, datapointsToAlarm } = alarm;
  const common = {
    EvaluationPeriods: alarm.evaluationPeriods,
    ...(datapointsToAlarm === undefined ? {} : { DatapointsToAlarm: datapointsToAlarm }),
    ComparisonOperator: alarm.comparisonOperator,
    Threshold: alarm.threshold,
    TreatMissingData: alarm.treatMissingData ?? 'missing',
    EvaluateLowSampleCountPercentile: alarm.evaluateLowSampleCountPercentile ?? '',
  };
  if (alarm.metrics !== undefined) return { ...common, Metrics: alarm.metrics };
  return {
    MetricName: alarm.metricName,
    Namespace: alarm.namespace,
    StatisticType: statistic === undefined ? 'ExtendedStatistic' : 'Statistic',
    ...(statistic === undefined
      ? { ExtendedStatistic: extendedStatistic }
      : { Statistic: STATISTICS[statistic] ?? statistic.toUpperCase() }),
    Unit: alarm.unit ?? null,
    Dimensions: alarm.dimensions.map(({ Name, Value }) => ({ value: Value, name: Name })),
    Period: alarm.period,
    ...common,
  };
}

/** An alarm's change of state as functions and EventBridge get it. */
export function changeOf(
  alarm: Alarm | CompositeAlarm,
  state: AlarmState,
  before: AlarmState,
  newId: () => string,
): object {
  const watched = isComposite(alarm) ? { alarmRule: alarm.rule } : { metrics: changedMetrics(alarm, newId) };
  const stateOf = ({ value, reason, reasonData, transitionedAt }: AlarmState): object => ({
    value,
    reason,
    ...(reasonData === undefined ? {} : { reasonData }),
    timestamp: longDate(transitionedAt),
  });
  return {
    alarmName: alarm.name,
    state: stateOf(state),
    previousState: stateOf(before),
    configuration: { ...(alarm.description === undefined ? {} : { description: alarm.description }), ...watched },
  };
}

const changedMetrics = (alarm: Alarm, newId: () => string): object[] =>
  metricsOf(alarm).map(({ Id, Expression, Label, MetricStat, Period, ReturnData = true }) => ({
    id: alarm.metrics === undefined ? newId() : Id,
    ...(MetricStat === undefined
      ? {
          expression: Expression,
          ...(Label === undefined ? {} : { label: Label }),
          ...(Period === undefined ? {} : { period: Period }),
        }
      : {
          metricStat: {
            metric: {
              namespace: MetricStat.Metric?.Namespace,
              name: MetricStat.Metric?.MetricName,
              dimensions: Object.fromEntries(
                (MetricStat.Metric?.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]),
              ),
            },
            period: MetricStat.Period,
            stat: MetricStat.Stat,
            ...(MetricStat.Unit === undefined ? {} : { unit: MetricStat.Unit }),
          },
        }),
    returnData: ReturnData,
  }));
