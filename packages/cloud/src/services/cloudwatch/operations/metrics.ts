import type { MetricDataResult, ScanBy } from '@aws-sdk/client-cloudwatch';
import { MINUTE } from '../../../kernel/metrics.ts';
import type { Scope } from '../../../kernel/names.ts';
import { check, invalidCombination, invalidValue, missingParameter, validation } from '../errors.ts';
import { checkDimensions, checkUnit, datumOf, dimensionsOf, metricOf } from '../metric.ts';
import type { CloudWatchDependencies, CloudWatchOperations } from '../operation.ts';
import { pageOf } from '../page.ts';
import { checkPeriod, Queries } from '../queries.ts';
import { dataOf, type Range } from '../series.ts';
import { isStatistic, statisticOf, together } from '../statistics.ts';

const MOST_ENTRIES = 1000;
const MOST_QUERIES = 500;
const MOST_DATAPOINTS = 1440;

export const putMetricData =
  ({ metrics, scheduler }: CloudWatchDependencies): CloudWatchOperations['PutMetricData'] =>
  ({ Namespace, MetricData = [], EntityMetricData = [] }, context) => {
    if (!Namespace) throw missingParameter('The parameter Namespace is required.');
    if (Namespace.startsWith('AWS/')) throw invalidValue('The value AWS/ for parameter Namespace is invalid.');
    const entries = [...MetricData, ...EntityMetricData.flatMap((each) => each.MetricData ?? [])];
    if (entries.length === 0) throw missingParameter('The parameter MetricData is required.');
    check(
      entries.length > MOST_ENTRIES && {
        at: 'metricData',
        must: `have length less than or equal to ${MOST_ENTRIES}`,
      },
    );
    const data = entries.map((entry, index) => ({
      id: metricOf(context, Namespace, entry.MetricName ?? '', entry.Dimensions),
      datum: datumOf(entry, `MetricData.member.${index + 1}`, scheduler.now),
    }));
    for (const { id, datum } of data) metrics.record(id, datum);
    return {};
  };

export const getMetricData =
  (dependencies: CloudWatchDependencies): CloudWatchOperations['GetMetricData'] =>
  (input, context) => {
    const { MetricDataQueries = [], StartTime, EndTime } = input;
    const { from, to } = rangeOf(StartTime, EndTime);
    if (MetricDataQueries.length === 0 || MetricDataQueries.length > MOST_QUERIES)
      throw validation(`The collection MetricDataQueries must have a size between 1 and ${MOST_QUERIES}.`);
    const queries = new Queries(MetricDataQueries);
    try {
      return {
        MetricDataResults: resultsOf(queries, dependencies, context, { from, to, ScanBy: input.ScanBy }),
        Messages: [],
      };
    } catch (error) {
      // Not thrown: what the services counted became rows by being read, and these would be undone with the operation.
      return Promise.reject(error);
    }
  };

function resultsOf(
  queries: Queries,
  { metrics, scheduler }: CloudWatchDependencies,
  scope: Scope,
  { from, to, ScanBy }: { readonly from: number; readonly to: number; readonly ScanBy: ScanBy | undefined },
): MetricDataResult[] {
  const labels = labelsOf(queries);
  return queries.all.flatMap(({ id, query }): MetricDataResult[] => {
    if (query.ReturnData === false) return [];
    const range = aligned(from, to, queries.periodOf(id) * 1000);
    const series = queries.series(id, metrics, scope, range, scheduler.now);
    const points = [...series].sort(([a], [b]) => (ScanBy === 'TimestampAscending' ? a - b : b - a));
    return [
      {
        Id: id,
        Label: query.Label ?? labels.get(id) ?? id,
        Timestamps: points.map(([at]) => new Date(at)),
        Values: points.map(([, value]) => value),
        StatusCode: 'Complete',
      },
    ];
  });
}

/** The labels of metrics that were given none: of the same metric they tell its statistics and periods apart. */
function labelsOf(queries: Queries): ReadonlyMap<string, string> {
  const stats = queries.all.flatMap(({ id, query: { MetricStat, ReturnData } }) =>
    MetricStat === undefined || ReturnData === false ? [] : [{ id, ...MetricStat }],
  );
  const differs = (of: (stat: (typeof stats)[number]) => unknown): boolean => new Set(stats.map(of)).size > 1;
  const isOneMetric = !differs(({ Metric }) => Metric?.MetricName);
  const [byStat, byPeriod] = [differs(({ Stat }) => Stat), differs(({ Period }) => Period)];
  return new Map(
    stats.map(({ id, Metric, Stat, Period }) => {
      const parts = isOneMetric ? [...(byStat ? [Stat] : []), ...(byPeriod ? [Period] : [])] : [];
      return [id, [Metric?.MetricName, ...parts].join(' ')];
    }),
  );
}

export const getMetricStatistics =
  ({ metrics, scheduler }: CloudWatchDependencies): CloudWatchOperations['GetMetricStatistics'] =>
  (input, context) => {
    const { Namespace, MetricName, Dimensions, StartTime, EndTime, Period, Unit } = input;
    const { Statistics = [], ExtendedStatistics = [] } = input;
    if (!Namespace) throw missingParameter('The parameter Namespace is required.');
    if (!MetricName) throw missingParameter('The parameter MetricName is required.');
    if (Statistics.length === 0 && ExtendedStatistics.length === 0)
      throw missingParameter('Must specify either Statistics or ExtendedStatistics');
    for (const statistic of [...Statistics, ...ExtendedStatistics])
      if (!isStatistic(statistic)) throw invalidValue(`The value ${statistic} for parameter Statistics is invalid.`);
    checkDimensions('Dimensions', Dimensions);
    checkUnit('Unit', Unit);
    checkPeriod('Period', Period);
    const { from, to } = rangeOf(StartTime, EndTime);
    const range = aligned(from, to, (Period ?? 60) * 1000);
    if ((range.to - range.from) / range.period > MOST_DATAPOINTS)
      throw invalidCombination(
        `You have requested up to ${Math.ceil((range.to - range.from) / range.period)} datapoints, which exceeds the limit of ${MOST_DATAPOINTS}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
      );
    const id = metricOf(context, Namespace, MetricName, Dimensions);
    const data = dataOf(metrics, id, range.from, range.to, scheduler.now).filter(
      (datum) => Unit === undefined || datum.unit === Unit,
    );
    const groups = Map.groupBy(
      data,
      ({ at, unit }) => `${range.from + Math.floor((at - range.from) / range.period) * range.period} ${unit}`,
    );
    const Datapoints = [...groups].flatMap(([key, group]) => {
      const whole = together(group);
      if (whole === undefined) return [];
      const [at = '', unit = ''] = key.split(' ');
      const extended = Object.fromEntries(
        ExtendedStatistics.map((statistic) => [statistic, statisticOf(whole, statistic) ?? 0]),
      );
      return [
        {
          Timestamp: new Date(Number(at)),
          ...Object.fromEntries(Statistics.map((statistic) => [statistic, statisticOf(whole, statistic)])),
          ...(ExtendedStatistics.length === 0 ? {} : { ExtendedStatistics: extended }),
          Unit: unit as typeof Unit, // units are checked when they are put
        },
      ];
    });
    return { Label: MetricName, Datapoints };
  };

export const listMetrics =
  ({ metrics }: CloudWatchDependencies): CloudWatchOperations['ListMetrics'] =>
  ({ Namespace, MetricName, Dimensions = [], NextToken }, context) => {
    const found = metrics
      .list(context)
      .filter(
        ({ namespace, name }) =>
          (Namespace === undefined || namespace === Namespace) && (MetricName === undefined || name === MetricName),
      )
      .map((id) => ({ Namespace: id.namespace, MetricName: id.name, Dimensions: dimensionsOf(id) }))
      .filter((metric) =>
        Dimensions.every(({ Name, Value }) =>
          metric.Dimensions.some((one) => one.Name === Name && (Value === undefined || one.Value === Value)),
        ),
      );
    const { items, NextToken: next } = pageOf(found, 500, NextToken);
    return { Metrics: items, NextToken: next };
  };

/** @throws MissingParameter, ValidationError */
function rangeOf(start: Date | undefined, end: Date | undefined): { readonly from: number; readonly to: number } {
  if (start === undefined) throw missingParameter('The parameter StartTime is required.');
  if (end === undefined) throw missingParameter('The parameter EndTime is required.');
  if (start >= end) throw validation('The parameter StartTime must be less than the parameter EndTime.');
  return { from: start.getTime(), to: end.getTime() };
}

/** A range that begins with a whole minute, or with a whole period of less. */
function aligned(from: number, to: number, period: number): Range {
  const grain = Math.min(period, MINUTE);
  return { from: Math.floor(from / grain) * grain, to, period };
}
