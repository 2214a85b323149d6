import { CloudWatch, type Datapoint, type PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { type Cloud, type CloudOptions, startCloud } from '../../../index.ts';

export const START: number = Date.UTC(2026, 0, 1);

/** A cloud with the clients that metrics need, for tests. */
export interface MetricsCloud extends AsyncDisposable {
  readonly cloud: Cloud;
  readonly cloudwatch: CloudWatch;
  readonly sqs: SQS;
  readonly sns: SNS;
  /** Makes an alarm on the sum of the metric `Orders` of `Shop`: more than 3 in a minute. */
  alarm(name: string, more?: Partial<PutMetricAlarmInput>): Promise<void>;
  /** The state of an alarm, and why. */
  state(name: string): Promise<readonly [state: string | undefined, reason: string | undefined]>;
  /** Measures `Orders` of `Shop` now. */
  orders(value: number): Promise<void>;
  /** The statistics of a metric of `AWS/…` since the start, in periods of a minute. */
  statistics(
    namespace: string,
    metric: string,
    dimension: readonly [string, string],
    statistic: string,
  ): Promise<Datapoint[]>;
}

export async function startMetrics(options: CloudOptions = {}): Promise<MetricsCloud> {
  const cloud = await startCloud({ clock: 'virtual', now: new Date(START), seed: 1, ...options });
  const configuration = { ...cloud.clientConfiguration, maxAttempts: 1 };
  const cloudwatch = new CloudWatch(configuration);
  return {
    cloud,
    cloudwatch,
    sqs: new SQS(configuration),
    sns: new SNS(configuration),
    async alarm(AlarmName, more = {}) {
      await cloudwatch.putMetricAlarm({
        AlarmName,
        Namespace: 'Shop',
        MetricName: 'Orders',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 3,
        ComparisonOperator: 'GreaterThanThreshold',
        ...more,
      });
    },
    async state(name) {
      const { MetricAlarms: [alarm] = [] } = await cloudwatch.describeAlarms({ AlarmNames: [name] });
      return [alarm?.StateValue, alarm?.StateReason];
    },
    async orders(Value) {
      await cloudwatch.putMetricData({ Namespace: 'Shop', MetricData: [{ MetricName: 'Orders', Value }] });
    },
    async statistics(Namespace, MetricName, [Name, Value], statistic) {
      const { Datapoints = [] } = await cloudwatch.getMetricStatistics({
        Namespace,
        MetricName,
        Dimensions: [{ Name, Value }],
        StartTime: new Date(START - 60_000),
        EndTime: new Date(cloud.clock.now.getTime() + 60_000),
        Period: 60,
        Statistics: [statistic as 'Sum'], // one of the five, by the tests
      });
      return Datapoints;
    },
    [Symbol.asyncDispose]: () => cloud.stop(),
  };
}
