import { type Datum, dimensionsText, type Metrics, MINUTE } from '../../kernel/metrics.ts';
import type { Scope } from '../../kernel/names.ts';
import { type Extraction, readExtraction } from './filter-pattern/extraction.ts';
import { type Matcher, parseFilterPattern } from './filter-pattern/filterPattern.ts';

/** What a metric filter measures of each event that it finds. */
export interface MetricTransformation {
  readonly namespace: string;
  readonly name: string;
  /** A number, or a field: `$.latency`. */
  readonly value: string;
  /** What is measured in a minute whose events it does not find. */
  readonly defaultValue: number | undefined;
  readonly unit: string | undefined;
  /** Names of dimensions, with the fields that their values are in. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A metric filter of a log group. */
export interface MetricFilter {
  readonly name: string;
  readonly pattern: string;
  readonly transformation: MetricTransformation;
  /** ms since 1970 */
  readonly createdAt: number;
}

/** An event to be measured. */
export interface FilteredEvent {
  readonly message: string;
  readonly at: number;
}

/** A metric filter, read: measures events. */
export class MetricFilterReader {
  readonly #transformation: MetricTransformation;
  readonly #matches: Matcher;
  /** The number itself, or what takes it out of a message. */
  readonly #value: number | Extraction;
  readonly #dimensions: readonly (readonly [name: string, extract: Extraction])[];

  /** @throws InvalidParameterException when the pattern or a field cannot be read */
  constructor({ pattern, transformation }: Pick<MetricFilter, 'pattern' | 'transformation'>) {
    this.#transformation = transformation;
    this.#matches = parseFilterPattern(pattern);
    const { value, dimensions } = transformation;
    this.#value = value.startsWith('$') ? readExtraction(value, pattern) : Number(value);
    this.#dimensions = Object.entries(dimensions).map(([name, field]) => [name, readExtraction(field, pattern)]);
  }

  /** Measures events of one call, all of a log group of `scope`. */
  measure(metrics: Metrics, scope: Scope, events: readonly FilteredEvent[]): void {
    const { account, region } = scope;
    const { namespace, name, defaultValue, unit } = this.#transformation;
    const id = { account, region, namespace, name, dimensions: dimensionsText({}) };
    for (const { message, at } of events) {
      const value = this.#matches(message) ? this.#valueIn(message) : undefined;
      if (value !== undefined) {
        const dimensions = this.#dimensionsIn(message);
        if (dimensions !== undefined) metrics.record({ ...id, dimensions }, datumOf(value, at, unit));
      } else if (defaultValue !== undefined) {
        const minute = minuteOf(at);
        const isFirst = metrics.between(id, minute, minute + MINUTE).length === 0;
        if (isFirst) metrics.record(id, datumOf(defaultValue, at, unit));
      }
    }
  }

  #valueIn(message: string): number | undefined {
    if (typeof this.#value === 'number') return this.#value;
    const found = this.#value(message);
    const value = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  }

  /** Undefined when the message has not all of them: then nothing is measured. */
  #dimensionsIn(message: string): string | undefined {
    const found = this.#dimensions.map(([name, extract]) => [name, extract(message)] as const);
    if (found.some(([, value]) => value === undefined || value === null || typeof value === 'object')) return undefined;
    return dimensionsText(Object.fromEntries(found.map(([name, value]) => [name, String(value)])));
  }
}

const minuteOf = (at: number): number => Math.floor(at / MINUTE) * MINUTE;

const datumOf = (value: number, at: number, unit = 'None'): Datum => ({
  at: minuteOf(at),
  unit,
  count: 1,
  sum: value,
  min: value,
  max: value,
  values: new Map([[value, 1]]),
});
