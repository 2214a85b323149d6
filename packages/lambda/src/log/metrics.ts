import { writeLine } from './write.ts';

/** Unit of a metric, in CloudWatch's words. */
export type MetricUnit = 'Count' | 'Milliseconds' | 'Seconds' | 'Bytes' | 'Percent' | 'None';

/** Options of a set of metrics. */
export interface CreateMetricsOptions {
  /** Namespace in CloudWatch. */
  readonly namespace: string;
  /** Dimensions of every metric. */
  readonly dimensions?: Readonly<Record<string, string>>;
  /** Receives the lines. @default - stdout */
  readonly log?: (line: string) => void;
  /** The time, in ms. @default Date.now */
  readonly now?: () => number;
}

/** Metrics that are sent through the log: CloudWatch reads them there (embedded metric format), without a call or a permission. */
export interface Metrics {
  /** Adds a value. */
  add(name: string, value: number, unit?: MetricUnit): void;
  /** Adds a field that can be searched for, but is no metric. */
  property(name: string, value: unknown): void;
  /** Writes what was added, as at the end of an invocation. Nothing is written when nothing was added. */
  flush(): void;
}

/** Most values of one metric, and most metrics, in one line. */
const MOST = 100;

/**
 * Makes a set of metrics.
 *
 * @example
 * const metrics = createMetrics({ namespace: 'orders', dimensions: { service: 'checkout' } });
 * metrics.add('placed', 1, 'Count');
 * metrics.flush();
 */
export function createMetrics({
  namespace,
  dimensions = {},
  log = writeLine,
  now = Date.now,
}: CreateMetricsOptions): Metrics {
  let values = new Map<string, { unit: MetricUnit; values: number[] }>();
  let properties: Record<string, unknown> = {};
  const flush = (): void => {
    if (values.size === 0) return;
    const metrics = [...values].map(([name, { unit }]) => ({ Name: name, Unit: unit }));
    const line: Record<string, unknown> = {
      _aws: {
        Timestamp: now(),
        CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [Object.keys(dimensions)], Metrics: metrics }],
      },
    };
    Object.assign(line, dimensions, properties);
    for (const [name, { values: all }] of values) line[name] = all.length === 1 ? all[0] : all;
    values = new Map();
    properties = {};
    log(JSON.stringify(line));
  };
  return {
    add(name, value, unit = 'None') {
      const known = values.get(name);
      if (known === undefined) values.set(name, { unit, values: [value] });
      else known.values.push(value);
      if (values.size >= MOST || (known?.values.length ?? 0) >= MOST) flush();
    },
    property(name, value) {
      properties[name] = value;
    },
    flush,
  };
}
