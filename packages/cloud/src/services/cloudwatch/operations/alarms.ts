import type { AlarmType, MetricAlarm, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { Scope } from '../../../kernel/names.ts';
import type { Context } from '../../../kernel/service.ts';
import { type Alarm, alarmArn, watchedBy } from '../alarm.ts';
import { alarmNameOf, alarmsIn, readRule } from '../alarmRule.ts';
import { configured, unchecked } from '../alarms.ts';
import { type CompositeAlarm, describedComposite, isComposite } from '../compositeAlarm.ts';
import { alarmNotFound, check, missingParameter, validation } from '../errors.ts';
import { COMPARISONS } from '../evaluation.ts';
import { checkDimensions, checkUnit, metricOf } from '../metric.ts';
import type { CloudWatchDependencies, CloudWatchOperations } from '../operation.ts';
import { pageOf } from '../page.ts';
import { checkPeriod, Queries } from '../queries.ts';
import { isStatistic } from '../statistics.ts';
import type { HistoryItem } from '../stores/alarmStore.ts';

const MISSING_DATA = new Set(['breaching', 'notBreaching', 'ignore', 'missing']);
const STATES = ['INSUFFICIENT_DATA', 'ALARM', 'OK'] as const;
const MAX_RECORDS = 100;

export const putMetricAlarm =
  ({ stored, alarms, compositeStored, scheduler }: CloudWatchDependencies): CloudWatchOperations['PutMetricAlarm'] =>
  (input, context) => {
    const now = scheduler.now;
    if (compositeStored.find(context, input.AlarmName ?? '') !== undefined)
      throw validation(`The alarm ${input.AlarmName} is a composite alarm, and cannot become a metric one.`);
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
  ({ stored, compositeStored }: CloudWatchDependencies): CloudWatchOperations['DescribeAlarms'] =>
  (input, context) => {
    const { AlarmNames, AlarmNamePrefix = '', AlarmTypes, StateValue, ActionPrefix } = input;
    const { ChildrenOfAlarmName, ParentsOfAlarmName, MaxRecords = MAX_RECORDS, NextToken } = input;
    const parent = ChildrenOfAlarmName === undefined ? undefined : alarmNameOf(ChildrenOfAlarmName);
    const children =
      parent === undefined ? undefined : alarmsIn(readRule(compositeStored.find(context, parent)?.rule ?? 'FALSE'));
    const child = ParentsOfAlarmName === undefined ? undefined : alarmNameOf(ParentsOfAlarmName);
    // Relations are between alarms of both kinds.
    const isRelated = children !== undefined || child !== undefined;
    const types: readonly AlarmType[] = AlarmTypes ?? (isRelated ? ['MetricAlarm', 'CompositeAlarm'] : ['MetricAlarm']);
    const all: readonly (Alarm | CompositeAlarm)[] = [
      ...(types.includes('CompositeAlarm') ? compositeStored.list(context) : []),
      ...(types.includes('MetricAlarm') ? stored.list(context) : []),
    ];
    const found = all.filter(
      (alarm) =>
        (AlarmNames === undefined || AlarmNames.includes(alarm.name)) &&
        alarm.name.startsWith(AlarmNamePrefix) &&
        (StateValue === undefined || alarm.state.value === StateValue) &&
        (ActionPrefix === undefined || alarm.alarmActions.some((action) => action.startsWith(ActionPrefix))) &&
        (children === undefined || children.includes(alarm.name)) &&
        (child === undefined || (isComposite(alarm) && alarmsIn(readRule(alarm.rule)).includes(child))),
    );
    const { items, NextToken: next } = pageOf(found, MaxRecords, NextToken);
    return {
      MetricAlarms: items.flatMap((alarm) => (isComposite(alarm) ? [] : [described(alarm)])),
      CompositeAlarms: items.flatMap((alarm) => (isComposite(alarm) ? [describedComposite(alarm)] : [])),
      NextToken: next,
    };
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
  ({ stored, compositeStored }: CloudWatchDependencies): CloudWatchOperations['DescribeAlarmHistory'] =>
  (input, context) => {
    const { AlarmName, AlarmTypes, HistoryItemType, StartDate, EndDate, ScanBy } = input;
    const types: readonly AlarmType[] =
      AlarmTypes ?? (AlarmName === undefined ? ['MetricAlarm'] : ['MetricAlarm', 'CompositeAlarm']);
    const entriesOf = (AlarmType: AlarmType, entries: readonly HistoryItem[]) =>
      types.includes(AlarmType) ? entries.map((entry) => ({ ...entry, AlarmType })) : [];
    const found = [
      ...entriesOf('MetricAlarm', stored.history(context)),
      ...entriesOf('CompositeAlarm', compositeStored.history(context)),
    ].filter(
      ({ name, type, at }) =>
        (AlarmName === undefined || name === AlarmName) &&
        (HistoryItemType === undefined || type === HistoryItemType) &&
        (StartDate === undefined || at >= StartDate.getTime()) &&
        (EndDate === undefined || at <= EndDate.getTime()),
    );
    if (types.length > 1) found.sort((a, b) => b.at - a.at);
    if (ScanBy === 'TimestampAscending') found.reverse();
    const { items, NextToken } = pageOf(found, input.MaxRecords ?? MAX_RECORDS, input.NextToken);
    return {
      AlarmHistoryItems: items.map(({ name, at, type, summary, data, AlarmType }) => ({
        AlarmName: name,
        AlarmType,
        Timestamp: new Date(at),
        HistoryItemType: type,
        HistorySummary: summary,
        HistoryData: data,
      })),
      NextToken,
    };
  };

export const deleteAlarms =
  ({
    stored,
    alarms,
    compositeStored,
    composites,
    scheduler,
  }: CloudWatchDependencies): CloudWatchOperations['DeleteAlarms'] =>
  ({ AlarmNames = [] }, context) => {
    for (const name of AlarmNames) {
      const user = composites.usersOf(context, name).find((composite) => !AlarmNames.includes(composite.name));
      if (user !== undefined)
        throw validation(`Cannot delete ${name} as there are composite alarm(s) depending on it: ${user.name}`);
    }
    const now = scheduler.now;
    for (const name of AlarmNames) {
      const alarm = stored.find(context, name);
      const composite = compositeStored.find(context, name);
      if (alarm !== undefined) {
        alarms.delete(alarm);
        stored.addHistory(context, configured({ ...alarm, configuredAt: now }, 'deleted'));
      } else if (composite !== undefined) {
        compositeStored.delete(context, name);
        compositeStored.addHistory(context, configured({ ...composite, configuredAt: now }, 'deleted'));
      }
    }
    return {};
  };

export const setAlarmState =
  ({ stored, alarms, compositeStored, composites }: CloudWatchDependencies): CloudWatchOperations['SetAlarmState'] =>
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
    const composite = compositeStored.find(context, AlarmName);
    if (StateReasonData !== undefined && !isJson(StateReasonData))
      throw validation('StateReasonData is not valid JSON');
    const value = STATES.find((state) => state === StateValue) ?? 'OK';
    const next = { value, reason: StateReason ?? '', reasonData: StateReasonData };
    if (alarm !== undefined) alarms.enter(alarm, next, context.cause);
    else if (composite !== undefined) composites.enter(composite, next, context.cause);
    else throw alarmNotFound(AlarmName);
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
  (dependencies: CloudWatchDependencies): CloudWatchOperations['EnableAlarmActions'] =>
  ({ AlarmNames = [] }, context) =>
    switchActions(dependencies, context, AlarmNames, true);

export const disableAlarmActions =
  (dependencies: CloudWatchDependencies): CloudWatchOperations['DisableAlarmActions'] =>
  ({ AlarmNames = [] }, context) =>
    switchActions(dependencies, context, AlarmNames, false);

function switchActions(
  { stored, compositeStored }: CloudWatchDependencies,
  scope: Scope,
  names: readonly string[],
  actionsEnabled: boolean,
): object {
  for (const name of names) {
    const alarm = stored.find(scope, name);
    const composite = compositeStored.find(scope, name);
    if (alarm !== undefined) stored.put({ ...alarm, actionsEnabled });
    if (composite !== undefined) compositeStored.put({ ...composite, actionsEnabled });
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
