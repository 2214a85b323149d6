import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Metrics } from '../../kernel/metrics.ts';
import type { Scope } from '../../kernel/names.ts';
import { missingParameter, validation } from './errors.ts';
import { type Expression, namesIn, readExpression } from './expression.ts';
import { seriesOf, workOut } from './functions.ts';
import { checkDimensions, checkUnit, metricOf } from './metric.ts';
import { seriesOf as measured, type Range, type Series } from './series.ts';
import { isStatistic } from './statistics.ts';

const ID = /^[a-z]\w*$/;

/** One query, checked. */
type Query =
  | { readonly id: string; readonly query: MetricDataQuery; readonly expression: Expression }
  | { readonly id: string; readonly query: MetricDataQuery; readonly expression: undefined };

/** The queries of `GetMetricData`, or of an alarm: metrics, and expressions of them. */
export class Queries {
  readonly all: readonly Query[];
  readonly #byId: ReadonlyMap<string, Query>;

  /** @throws ValidationError, InvalidParameterValue, MissingParameter */
  constructor(queries: readonly MetricDataQuery[]) {
    this.all = queries.map((query, index) => checked(query, index));
    this.#byId = new Map(this.all.map((query) => [query.id, query]));
    if (this.#byId.size < this.all.length)
      throw validation('The values for parameter id in MetricDataQueries are not unique.');
    for (const { id } of this.all) this.#checkUse(id, []);
  }

  /** The period of a query: its own, else that of the metrics in it. s */
  periodOf(id: string): number {
    const found = this.#byId.get(id);
    if (found === undefined) return 60;
    const { query, expression } = found;
    const own = query.MetricStat?.Period ?? query.Period;
    if (own !== undefined || expression === undefined) return own ?? 60;
    return Math.max(
      60,
      ...namesIn(expression)
        .filter((name) => this.#byId.has(name))
        .map((name) => this.periodOf(name)),
    );
  }

  /** The datapoints of a query. @param now - the cloud's time */
  series(id: string, metrics: Metrics, scope: Scope, range: Range, now: number): Series {
    const found = this.#byId.get(id);
    if (found === undefined) throw validation(`Error in expression: no query has the id '${id}'`);
    const { query, expression } = found;
    if (expression === undefined) {
      const { Metric, Stat: statistic = '', Unit: unit } = query.MetricStat ?? {};
      const metric = metricOf(scope, Metric?.Namespace ?? '', Metric?.MetricName ?? '', Metric?.Dimensions);
      return measured(metrics, metric, range, { statistic, unit, now });
    }
    const periods: number[] = [];
    for (let at = range.from; at < range.to; at += range.period) periods.push(at);
    const around = {
      series: (name: string) => this.series(name, metrics, scope, range, now),
      all: () =>
        this.all
          .filter((each) => each.expression === undefined)
          .map((each) => this.series(each.id, metrics, scope, range, now)),
      periods,
      period: range.period,
    };
    return seriesOf(workOut(expression, around), around);
  }

  /** @throws ValidationError when a query uses one that is not there, or itself */
  #checkUse(id: string, users: readonly string[]): void {
    const found = this.#byId.get(id);
    if (users.includes(id)) throw validation(`Circular reference in expression with the id '${id}'`);
    if (found?.expression === undefined) return;
    for (const name of namesIn(found.expression)) {
      if (this.#byId.has(name)) this.#checkUse(name, [...users, id]);
      else if (!/^(REPEAT|LINEAR)$/.test(name))
        throw validation(`Error in expression '${id}': no query has the id '${name}'`);
    }
  }
}

function checked(query: MetricDataQuery, index: number): Query {
  const { Id = '', MetricStat, Expression } = query;
  const at = `MetricDataQueries.member.${index + 1}`;
  if (!ID.test(Id)) throw validation(`The value ${Id} for parameter ${at}.Id is invalid.`);
  if ((MetricStat === undefined) === (Expression === undefined))
    throw validation(`Exactly one of the parameters MetricStat and Expression is required in ${at}.`);
  if (Expression !== undefined) return { id: Id, query, expression: readExpression(Expression) };
  checkMetricStat(`${at}.MetricStat`, MetricStat);
  return { id: Id, query, expression: undefined };
}

function checkMetricStat(at: string, stat: MetricDataQuery['MetricStat']): void {
  const { Metric, Period, Stat, Unit } = stat ?? {};
  if (!Metric?.MetricName) throw missingParameter(`The parameter ${at}.Metric.MetricName is required.`);
  if (!Metric.Namespace) throw missingParameter(`The parameter ${at}.Metric.Namespace is required.`);
  checkDimensions(`${at}.Metric.Dimensions`, Metric.Dimensions);
  checkPeriod(`${at}.Period`, Period);
  checkUnit(`${at}.Unit`, Unit);
  if (Stat === undefined || !isStatistic(Stat))
    throw validation(`The value ${Stat} for parameter ${at}.Stat is invalid.`);
}

/** @throws ValidationError when it is no period that CloudWatch has */
export function checkPeriod(at: string, period: number | undefined): void {
  const isPeriod = period !== undefined && ([1, 5, 10, 20, 30].includes(period) || (period >= 60 && period % 60 === 0));
  if (!isPeriod) throw validation(`The parameter ${at} must be 1, 5, 10, 20, 30 or a multiple of 60.`);
}
