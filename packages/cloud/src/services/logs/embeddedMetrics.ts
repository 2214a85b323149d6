import { type Datum, dimensionsText, type Metrics, MINUTE } from '../../kernel/metrics.ts';
import type { Scope } from '../../kernel/names.ts';

/** What stands in `_aws.CloudWatchMetrics`. */
interface Directive {
  readonly Namespace?: unknown;
  readonly Dimensions?: unknown;
  readonly Metrics?: unknown;
}

const MOST_VALUES = 100;
const MOST_DIMENSIONS = 30;

/**
 * Puts down the metrics that a log event carries in the embedded metric format. What is malformed is left out, as in AWS.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * @param at - the event's time, where the format names none
 */
export function recordEmbedded(metrics: Metrics, { account, region }: Scope, message: string, at: number): void {
  if (!message.includes('"CloudWatchMetrics"')) return;
  const root = objectIn(message);
  const aws = recordOf(root?.['_aws']);
  if (root === undefined || aws === undefined || !Array.isArray(aws['CloudWatchMetrics'])) return;
  const time = typeof aws['Timestamp'] === 'number' ? aws['Timestamp'] : at;
  for (const directive of aws['CloudWatchMetrics'].map(recordOf)) {
    const { Namespace: namespace, Dimensions: sets = [[]], Metrics: definitions = [] }: Directive = directive ?? {};
    if (typeof namespace !== 'string' || namespace === '' || !Array.isArray(sets) || !Array.isArray(definitions))
      continue;
    for (const definition of definitions.map(recordOf)) {
      const name = definition?.['Name'];
      if (typeof name !== 'string') continue;
      const datum = datumOf(root[name], definition ?? {}, time);
      if (datum === undefined) continue;
      for (const set of sets) {
        const dimensions = dimensionsOf(root, set);
        if (dimensions !== undefined) metrics.record({ account, region, namespace, name, dimensions }, datum);
      }
    }
  }
}

function datumOf(
  value: unknown,
  { Unit, StorageResolution }: Record<string, unknown>,
  time: number,
): Datum | undefined {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0 || values.length > MOST_VALUES) return undefined;
  const tally = new Map<number, number>();
  for (const each of values) {
    if (typeof each !== 'number' || !Number.isFinite(each)) return undefined;
    tally.set(each, (tally.get(each) ?? 0) + 1);
  }
  const grain = StorageResolution === 1 ? 1000 : MINUTE;
  return {
    at: Math.floor(time / grain) * grain,
    unit: typeof Unit === 'string' ? Unit : 'None',
    count: values.length,
    sum: [...tally].reduce((sum, [each, count]) => sum + each * count, 0),
    min: Math.min(...tally.keys()),
    max: Math.max(...tally.keys()),
    values: tally,
  };
}

/** The dimensions of a set of names, with their values in the event; undefined when one is missing. */
function dimensionsOf(root: Record<string, unknown>, set: unknown): string | undefined {
  if (!Array.isArray(set) || set.length > MOST_DIMENSIONS) return undefined;
  const pairs = set.map((name) => [name, root[String(name)]] as const);
  if (!pairs.every(([, value]) => typeof value === 'string' || typeof value === 'number')) return undefined;
  return dimensionsText(Object.fromEntries(pairs.map(([name, value]) => [String(name), String(value)])));
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const recordOf = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined; // of JSON
