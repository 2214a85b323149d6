import type { AlarmType, MetricAlarm, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { Scope } from '../../../kernel/names.ts';
import type { Context } from '../../../kernel/service.ts';
import { type Alarm, alarmArn, watchedBy } from '../alarm.ts';
import { configured, unchecked } from '../alarms.ts';
import { alarmNotFound, check, missingParameter, validation } from '../errors.ts';
import { COMPARISONS } from '../evaluation.ts';
import { checkDimensions, checkUnit, metricOf } from '../metric.ts';
import type { CloudWatchDependencies, CloudWatchOperations } from '../operation.ts';
import { pageOf } from '../page.ts';
import { checkPeriod, Queries } from '../queries.ts';
import { isStatistic } from '../statistics.ts';
import type { AlarmStore } from '../stores/alarmStore.ts';

const MISSING_DATA = new Set(['breaching', 'notBreaching', 'ignore', 'missing']);
const STATES = ['INSUFFICIENT_DATA', 'ALARM', 'OK'] as const;
const MAX_RECORDS = 100;

export const putMetricAlarm =
  ({ stored, alarms, scheduler }: CloudWatchDependencies): CloudWatchOperations['PutMetricAlarm'] =>
  (input, context) => {
    const now = scheduler.now;
    const before = stored.find(context, input.AlarmName ?? '');
    const alarm = alarmOf(input, context, now, before);
    alarms.put(alarm, context.cause);
    stored.addHistory(context, configured(alarm, before === undefined ? 'created' : 'updated'));
    return {};
  };

/** @throws ValidationError, MissingParameter, InvalidParameterValue */
function alarmOf(
  input: PutMetricAlarmInput,
  { account, region }: Context,
  now: number,
  before: Alarm | undefined,
): Alarm {
  const {
    AlarmName = '',
    ComparisonOperator,
    EvaluationPeriods,
    DatapointsToAlarm,
    Threshold,
    TreatMissingData,
  } = input;
  check(
    (AlarmName === '' || AlarmName.length > 255) && {
      at: 'alarmName',
      value: AlarmName,
      must: `have length ${AlarmName === '' ? 'greater than or equal to 1' : 'less than or equal to 255'}`,
    },
    ComparisonOperator === undefined && { at: 'comparisonOperator', value: undefined, must: 'not be null' },
    EvaluationPeriods === undefined && { at: 'evaluationPeriods', value: undefined, must: 'not be null' },
    EvaluationPeriods !== undefined &&
      EvaluationPeriods < 1 && {
        at: 'evaluationPeriods',
        value: EvaluationPeriods,
        must: 'have value greater than or equal to 1',
      },
  );
  if (ComparisonOperator === undefined || EvaluationPeriods === undefined) throw validation('members were checked');
  if (!COMPARISONS.has(ComparisonOperator) || input.ThresholdMetricId !== undefined)
    throw validation(
      `Skein does not support alarms on anomaly detection yet (${input.ThresholdMetricId === undefined ? `ComparisonOperator ${ComparisonOperator}` : 'ThresholdMetricId'})`,
    );
  if (Threshold === undefined) throw missingParameter('The parameter Threshold is required.');
  if (DatapointsToAlarm !== undefined && (DatapointsToAlarm < 1 || DatapointsToAlarm > EvaluationPeriods))
    throw validation('The parameter DatapointsToAlarm must be between 1 and EvaluationPeriods.');
  if (TreatMissingData !== undefined && !MISSING_DATA.has(TreatMissingData))
    throw validation(`The value ${TreatMissingData} for parameter TreatMissingData is not supported.`);
  if (input.Metrics === undefined) checkMetric(input);
  else new Queries(input.Metrics);
  return {
    account,
    region,
    name: AlarmName,
    description: input.AlarmDescription,
    actionsEnabled: input.ActionsEnabled ?? true,
    okActions: input.OKActions ?? [],
    alarmActions: input.AlarmActions ?? [],
    insufficientDataActions: input.InsufficientDataActions ?? [],
    metricName: input.MetricName,
    namespace: input.Namespace,
    statistic: input.Statistic,
    extendedStatistic: input.ExtendedStatistic,
    dimensions: input.Dimensions ?? [],
    period: input.Period,
    unit: input.Unit,
    metrics: input.Metrics,
    evaluationPeriods: EvaluationPeriods,
    datapointsToAlarm: DatapointsToAlarm,
    threshold: Threshold,
    comparisonOperator: ComparisonOperator,
    treatMissingData: TreatMissingData,
    evaluateLowSampleCountPercentile: input.EvaluateLowSampleCountPercentile,
    tags: before?.tags ?? input.Tags ?? [],
    configuredAt: now,
    state: before?.state ?? unchecked(now),
  };
}

function checkMetric({
  MetricName,
  Namespace,
  Statistic,
  ExtendedStatistic,
  Period,
  Dimensions,
  Unit,
}: PutMetricAlarmInput): void {
  if (!MetricName) throw missingParameter('The parameter MetricName is required.');
  if (!Namespace) throw missingParameter('The parameter Namespace is required.');
  if ((Statistic === undefined) === (ExtendedStatistic === undefined))
    throw missingParameter('Exactly one of the parameters Statistic and ExtendedStatistic is required.');
  const statistic = Statistic ?? ExtendedStatistic ?? '';
  if (!isStatistic(statistic)) throw validation(`The value ${statistic} for parameter Statistic is not supported.`);
  if (Period === undefined) throw missingParameter('The parameter Period is required.');
  checkPeriod('Period', Period);
  checkDimensions('Dimensions', Dimensions);
  checkUnit('Unit', Unit);
}

export const describeAlarms =
  ({ stored }: CloudWatchDependencies): CloudWatchOperations['DescribeAlarms'] =>
  (
    { AlarmNames, AlarmNamePrefix = '', AlarmTypes, StateValue, ActionPrefix, MaxRecords = MAX_RECORDS, NextToken },
    context,
  ) => {
    const types: readonly AlarmType[] = AlarmTypes ?? ['MetricAlarm'];
    const found = stored
      .list(context)
      .filter(
        ({ name, state, alarmActions }) =>
          (AlarmNames === undefined || AlarmNames.includes(name)) &&
          name.startsWith(AlarmNamePrefix) &&
          (StateValue === undefined || state.value === StateValue) &&
          (ActionPrefix === undefined || alarmActions.some((action) => action.startsWith(ActionPrefix))),
      );
    const { items, NextToken: next } = pageOf(types.includes('MetricAlarm') ? found : [], MaxRecords, NextToken);
    return { MetricAlarms: items.map(described), CompositeAlarms: [], NextToken: next };
  };

export const describeAlarmsForMetric =
  ({ stored }: CloudWatchDependencies): CloudWatchOperations['DescribeAlarmsForMetric'] =>
  ({ MetricName, Namespace, Dimensions, Statistic, Period }, context) => {
    if (!MetricName) throw missingParameter('The parameter MetricName is required.');
    if (!Namespace) throw missingParameter('The parameter Namespace is required.');
    const wanted = metricOf(context, Namespace, MetricName, Dimensions);
    const found = stored
      .list(context)
      .filter(
        (alarm) =>
          watchedBy(alarm).some(
            ({ namespace, name, dimensions }) =>
              namespace === wanted.namespace && name === wanted.name && dimensions === wanted.dimensions,
          ) &&
          (Statistic === undefined || alarm.statistic === Statistic) &&
          (Period === undefined || alarm.period === Period),
      );
    return { MetricAlarms: found.map(described) };
  };

export const describeAlarmHistory =
  ({ stored }: CloudWatchDependencies): CloudWatchOperations['DescribeAlarmHistory'] =>
  ({ AlarmName, HistoryItemType, StartDate, EndDate, MaxRecords = MAX_RECORDS, NextToken, ScanBy }, context) => {
    const found = stored
      .history(context)
      .filter(
        ({ name, type, at }) =>
          (AlarmName === undefined || name === AlarmName) &&
          (HistoryItemType === undefined || type === HistoryItemType) &&
          (StartDate === undefined || at >= StartDate.getTime()) &&
          (EndDate === undefined || at <= EndDate.getTime()),
      );
    if (ScanBy === 'TimestampAscending') found.reverse();
    const { items, NextToken: next } = pageOf(found, MaxRecords, NextToken);
    return {
      AlarmHistoryItems: items.map(({ name, at, type, summary, data }) => ({
        AlarmName: name,
        AlarmType: 'MetricAlarm',
        Timestamp: new Date(at),
        HistoryItemType: type,
        HistorySummary: summary,
        HistoryData: data,
      })),
      NextToken: next,
    };
  };

export const deleteAlarms =
  ({ stored, alarms, scheduler }: CloudWatchDependencies): CloudWatchOperations['DeleteAlarms'] =>
  ({ AlarmNames = [] }, context) => {
    for (const name of AlarmNames) {
      const alarm = stored.find(context, name);
      if (alarm === undefined) continue;
      alarms.delete(alarm);
      stored.addHistory(context, configured({ ...alarm, configuredAt: scheduler.now }, 'deleted'));
    }
    return {};
  };

export const setAlarmState =
  ({ stored, alarms }: CloudWatchDependencies): CloudWatchOperations['SetAlarmState'] =>
  ({ AlarmName = '', StateValue, StateReason, StateReasonData }, context) => {
    check(
      !STATES.some((state) => state === StateValue) && {
        at: 'stateValue',
        value: StateValue,
        must: `satisfy enum value set: [${STATES.join(', ')}]`,
      },
      StateReason === undefined && { at: 'stateReason', value: undefined, must: 'not be null' },
    );
    const alarm = stored.find(context, AlarmName);
    if (alarm === undefined) throw alarmNotFound(AlarmName);
    if (StateReasonData !== undefined && !isJson(StateReasonData))
      throw validation('StateReasonData is not valid JSON');
    const value = STATES.find((state) => state === StateValue) ?? 'OK';
    alarms.enter(alarm, { value, reason: StateReason ?? '', reasonData: StateReasonData }, context.cause);
    return {};
  };

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

export const enableAlarmActions =
  ({ stored }: CloudWatchDependencies): CloudWatchOperations['EnableAlarmActions'] =>
  ({ AlarmNames = [] }, context) =>
    switchActions(stored, context, AlarmNames, true);

export const disableAlarmActions =
  ({ stored }: CloudWatchDependencies): CloudWatchOperations['DisableAlarmActions'] =>
  ({ AlarmNames = [] }, context) =>
    switchActions(stored, context, AlarmNames, false);

function switchActions(stored: AlarmStore, scope: Scope, names: readonly string[], actionsEnabled: boolean): object {
  for (const name of names) {
    const alarm = stored.find(scope, name);
    if (alarm !== undefined) stored.put({ ...alarm, actionsEnabled });
  }
  return {};
}

/** An alarm as the API gives it. */
function described(alarm: Alarm): MetricAlarm {
  const { state } = alarm;
  return {
    AlarmName: alarm.name,
    AlarmArn: alarmArn(alarm, alarm.name),
    AlarmDescription: alarm.description,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: [...alarm.okActions],
    AlarmActions: [...alarm.alarmActions],
    InsufficientDataActions: [...alarm.insufficientDataActions],
    StateValue: state.value,
    StateReason: state.reason,
    StateReasonData: state.reasonData,
    StateUpdatedTimestamp: new Date(state.updatedAt),
    StateTransitionedTimestamp: new Date(state.transitionedAt),
    MetricName: alarm.metricName,
    Namespace: alarm.namespace,
    Statistic: alarm.statistic,
    ExtendedStatistic: alarm.extendedStatistic,
    Dimensions: alarm.metrics === undefined ? [...alarm.dimensions] : [],
    Period: alarm.period,
    Unit: alarm.unit,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparisonOperator,
    TreatMissingData: alarm.treatMissingData,
    EvaluateLowSampleCountPercentile: alarm.evaluateLowSampleCountPercentile,
    Metrics: alarm.metrics === undefined ? undefined : [...alarm.metrics],
  };
}
