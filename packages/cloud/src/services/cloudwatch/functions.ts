import { validation } from './errors.ts';
import type { Expression } from './expression.ts';
import type { Series } from './series.ts';

/** What an expression is worth: one number, a series, or several series. */
export type Worth = number | Series | readonly Series[];

/** What an expression is worked out with. */
export interface Surroundings {
  /** The series of another query. */
  series(id: string): Series;
  /** Those of all queries of metrics, for `METRICS()`. */
  all(): readonly Series[];
  /** The beginnings of all periods, ms. */
  readonly periods: readonly number[];
  /** ms */
  readonly period: number;
}

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  AND: (a, b) => Number(a !== 0 && b !== 0),
  '||': (a, b) => Number(a !== 0 || b !== 0),
  OR: (a, b) => Number(a !== 0 || b !== 0),
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const average = (values: readonly number[]): number => sum(values) / values.length;

/** Functions of many values: of one series over time, or of several at each time. */
const GATHERING: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: sum,
  AVG: average,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
  STDDEV: (values) => Math.sqrt(average(values.map((value) => (value - average(values)) ** 2))),
};

const EACH: Readonly<Record<string, (value: number) => number>> = {
  ABS: Math.abs,
  CEIL: Math.ceil,
  FLOOR: Math.floor,
  LOG: Math.log,
  LOG10: Math.log10,
};

/** @throws ValidationError for functions that are not here, and parameters of the wrong kind */
export function workOut(expression: Expression, around: Surroundings): Worth {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'text':
      throw validation(`A text ('${expression.text}') has no place there`);
    case 'name':
      return around.series(expression.name);
    case 'list':
      return expression.items.map((item) => seriesOf(workOut(item, around), around));
    case 'negative':
      return mapped(workOut(expression.of, around), (value) => -value);
    case 'binary':
      return joined(
        workOut(expression.left, around),
        workOut(expression.right, around),
        OPERATORS[expression.operator],
      );
    case 'call':
      return call(expression.name, expression.parameters, around);
  }
}

function call(name: string, parameters: readonly Expression[], around: Surroundings): Worth {
  const [first, second, third] = parameters;
  const gather = GATHERING[name];
  const each = EACH[name];
  if (name === 'METRICS') return around.all();
  if (first === undefined) throw validation(`The function ${name} needs parameters`);
  if (gather !== undefined) return gathered(workOut(first, around), gather);
  if (each !== undefined) return mapped(workOut(first, around), each);
  switch (name) {
    case 'IF':
      if (second === undefined) throw validation('The function IF needs two or three parameters');
      return chosen(first, second, third, around);
    case 'FILL':
      if (second === undefined) throw validation('The function FILL needs two parameters');
      return filled(seriesOf(workOut(first, around), around), second, around);
    case 'PERIOD':
      return around.period / 1000;
    case 'RATE':
    case 'DIFF':
      return differences(seriesOf(workOut(first, around), around), name === 'RATE');
    case 'RUNNING_SUM':
      return runningSum(seriesOf(workOut(first, around), around));
    default:
      throw validation(`Skein does not support the metric math function ${name} yet`);
  }
}

const isSeries = (worth: Worth): worth is Series => worth instanceof Map;

/** A worth as one series: a number is the same at each time. */
export function seriesOf(worth: Worth, { periods }: Pick<Surroundings, 'periods'>): Series {
  if (typeof worth === 'number') return new Map(periods.map((at) => [at, worth]));
  if (isSeries(worth)) return worth;
  throw validation('A single time series is expected there, not several');
}

function mapped(worth: Worth, change: (value: number) => number): Worth {
  if (typeof worth === 'number') return change(worth);
  if (!isSeries(worth)) return worth.map((one) => mapped(one, change) as Series); // of a series comes a series
  return new Map([...worth].map(([at, value]) => [at, change(value)]));
}

/** Two series are joined where both have a datapoint. */
function joined(left: Worth, right: Worth, join: ((a: number, b: number) => number) | undefined): Worth {
  if (join === undefined) throw validation('There is no such operator');
  if (typeof left === 'number') return mapped(right, (value) => join(left, value));
  if (typeof right === 'number') return mapped(left, (value) => join(value, right));
  if (!isSeries(left)) return left.map((one) => joined(one, right, join) as Series); // of a series comes a series
  if (!isSeries(right)) return right.map((one) => joined(left, one, join) as Series); // likewise
  const result: Series = new Map();
  for (const [at, value] of left) {
    const other = right.get(at);
    if (other === undefined) continue;
    const both = join(value, other);
    if (Number.isFinite(both)) result.set(at, both);
  }
  return result;
}

function gathered(worth: Worth, gather: (values: readonly number[]) => number): Worth {
  if (typeof worth === 'number') return worth;
  if (isSeries(worth)) return worth.size === 0 ? worth : gather([...worth.values()]);
  const values = new Map<number, number[]>();
  for (const series of worth) for (const [at, value] of series) values.set(at, [...(values.get(at) ?? []), value]);
  return new Map([...values].sort(([a], [b]) => a - b).map(([at, all]) => [at, gather(all)]));
}

/** One or another value at each time, by a condition; without an alternative no value. */
function chosen(
  condition: Expression,
  value: Expression,
  otherwise: Expression | undefined,
  around: Surroundings,
): Series {
  const when = seriesOf(workOut(condition, around), around);
  const yes = seriesOf(workOut(value, around), around);
  const no: Series = otherwise === undefined ? new Map() : seriesOf(workOut(otherwise, around), around);
  const result: Series = new Map();
  for (const [at, test] of when) {
    const chosenValue = test === 0 ? no.get(at) : yes.get(at);
    if (chosenValue !== undefined) result.set(at, chosenValue);
  }
  return result;
}

function filled(series: Series, by: Expression, around: Surroundings): Series {
  const result: Series = new Map();
  const other =
    by.kind === 'name' && /^(REPEAT|LINEAR)$/.test(by.name) ? undefined : seriesOf(workOut(by, around), around);
  if (other === undefined && by.kind === 'name' && by.name === 'LINEAR')
    throw validation('Skein does not support FILL with LINEAR yet');
  let last: number | undefined;
  for (const at of around.periods) {
    last = series.get(at) ?? (other === undefined ? last : other.get(at));
    if (last !== undefined) result.set(at, last);
  }
  return result;
}

function differences(series: Series, perSecond: boolean): Series {
  const result: Series = new Map();
  let before: readonly [number, number] | undefined;
  for (const [at, value] of series) {
    if (before !== undefined) result.set(at, (value - before[1]) / (perSecond ? (at - before[0]) / 1000 : 1));
    before = [at, value];
  }
  return result;
}

function runningSum(series: Series): Series {
  let total = 0;
  return new Map([...series].map(([at, value]) => [at, (total += value)]));
}
