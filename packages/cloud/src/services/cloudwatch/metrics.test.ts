import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { Lambda } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { zipOf } from '../lambda/test/zip.ts';
import { type MetricsCloud, START, startMetrics } from './test/metricsCloud.ts';

let tested: MetricsCloud;

beforeEach(async () => {
  tested = await startMetrics();
});

afterEach(() => tested[Symbol.asyncDispose]());

const HOUR = { StartTime: new Date(START), EndTime: new Date(START + 3_600_000) };
const stat = (Stat: string, Period = 60) => ({
  Metric: { Namespace: 'Shop', MetricName: 'Orders' },
  Period,
  Stat,
});

async function values(...queries: { Id: string; Expression?: string; MetricStat?: object; ReturnData?: boolean }[]) {
  const { MetricDataResults = [] } = await tested.cloudwatch.getMetricData({
    ...HOUR,
    ScanBy: 'TimestampAscending',
    MetricDataQueries: queries as never, // as the tests give them, wrong ones too
  });
  return Object.fromEntries(MetricDataResults.map(({ Id, Values }) => [Id, Values]));
}

describe('metrics of the user', () => {
  it('have all statistics, percentiles too', async () => {
    await tested.cloudwatch.putMetricData({
      Namespace: 'Shop',
      MetricData: [{ MetricName: 'Orders', Values: [1, 6, 9], Counts: [2, 1, 1], Unit: 'Count' }],
    });
    const { Datapoints, Label } = await tested.cloudwatch.getMetricStatistics({
      ...HOUR,
      Namespace: 'Shop',
      MetricName: 'Orders',
      Period: 60,
      Statistics: ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'],
      ExtendedStatistics: ['p50', 'p100'],
    });
    expect(Label).toBe('Orders');
    expect(Datapoints).toEqual([
      {
        Timestamp: new Date(START),
        SampleCount: 4,
        Sum: 17,
        Average: 4.25,
        Minimum: 1,
        Maximum: 9,
        ExtendedStatistics: { p50: 3.5, p100: 9 },
        Unit: 'Count',
      },
    ]);
  });

  it('are kept apart by their dimensions, whatever the order of these', async () => {
    const put = (Value: number, ...names: string[]) =>
      tested.cloudwatch.putMetricData({
        Namespace: 'Shop',
        MetricData: [{ MetricName: 'Orders', Value, Dimensions: names.map((Name) => ({ Name, Value: 'x' })) }],
      });
    await put(1, 'a', 'b');
    await put(2, 'b', 'a');
    await put(4, 'a');
    const { Metrics } = await tested.cloudwatch.listMetrics({ Namespace: 'Shop' });
    expect(Metrics).toHaveLength(2);
    const { Datapoints } = await tested.cloudwatch.getMetricStatistics({
      ...HOUR,
      Namespace: 'Shop',
      MetricName: 'Orders',
      Dimensions: [
        { Name: 'a', Value: 'x' },
        { Name: 'b', Value: 'x' },
      ],
      Period: 60,
      Statistics: ['Sum'],
    });
    expect(Datapoints).toMatchObject([{ Sum: 3 }]);
  });

  it('are added up over their period', async () => {
    for (const value of [1, 2, 4]) {
      await tested.orders(value);
      await tested.cloud.clock.advance('1 minute');
    }
    expect(await values({ Id: 'a', MetricStat: stat('Sum') }, { Id: 'b', MetricStat: stat('Sum', 120) })).toEqual({
      a: [1, 2, 4],
      b: [3, 4],
    });
  });

  it('can be calculated with', async () => {
    for (const value of [2, 3]) {
      await tested.orders(value);
      await tested.cloud.clock.advance('2 minutes');
    }
    const m1 = { Id: 'm1', MetricStat: stat('Sum'), ReturnData: false };
    expect(
      await values(
        m1,
        { Id: 'double', Expression: 'm1 * 2 + 1' },
        { Id: 'total', Expression: 'SUM([m1, m1])' },
        { Id: 'filled', Expression: 'FILL(m1, 0)' },
        { Id: 'chosen', Expression: 'IF(m1 > 2, m1, 0)' },
        { Id: 'rate', Expression: 'RATE(m1)' },
        { Id: 'all', Expression: '-SUM(METRICS()) / 2^1' },
      ),
    ).toMatchObject({
      double: [5, 7],
      total: [4, 6],
      chosen: [0, 3],
      rate: [1 / 120],
      all: [-1, -1.5],
    });
    const { filled } = await values(m1, { Id: 'filled', Expression: 'FILL(m1, 0)' });
    expect(filled?.slice(0, 4)).toEqual([2, 0, 3, 0]);
  });

  it.each([
    ['m1 +', "Error in expression 'm1 +': Unexpected end"],
    ['m9 * 2', "Error in expression 'e': no query has the id 'm9'"],
    ['e * 2', "Circular reference in expression with the id 'e'"],
    ['ANOMALY_DETECTION_BAND(m1)', 'Skein does not support the metric math function ANOMALY_DETECTION_BAND yet'],
  ])('refuse the expression %s', async (Expression, message) => {
    await expect(values({ Id: 'm1', MetricStat: stat('Sum') }, { Id: 'e', Expression })).rejects.toMatchObject({
      name: 'ValidationException',
      message,
    });
  });

  it.each([
    [{ Namespace: 'AWS/Shop', MetricData: [{ MetricName: 'a', Value: 1 }] }, 'InvalidParameterValueException'],
    [{ Namespace: 'Shop', MetricData: [] }, 'MissingRequiredParameterException'],
    [{ Namespace: 'Shop', MetricData: [{ MetricName: 'a' }] }, 'MissingRequiredParameterException'],
    [
      { Namespace: 'Shop', MetricData: [{ MetricName: 'a', Value: 1, Values: [1] }] },
      'InvalidParameterCombinationException',
    ],
    [
      { Namespace: 'Shop', MetricData: [{ MetricName: 'a', Value: 1, Timestamp: new Date(0) }] },
      'InvalidParameterValueException',
    ],
    [
      { Namespace: 'Shop', MetricData: [{ MetricName: 'a', Values: [1, 2], Counts: [1] }] },
      'InvalidParameterValueException',
    ],
  ])('refuse %j', async (input, name) => {
    await expect(tested.cloudwatch.putMetricData(input)).rejects.toMatchObject({ name });
  });

  it('come from log lines in the embedded format', async () => {
    const logs = new CloudWatchLogs(tested.cloud.clientConfiguration);
    await logs.createLogGroup({ logGroupName: 'g' });
    await logs.createLogStream({ logGroupName: 'g', logStreamName: 's' });
    const line = {
      _aws: {
        Timestamp: START + 1000,
        CloudWatchMetrics: [
          { Namespace: 'Shop', Dimensions: [['service']], Metrics: [{ Name: 'took', Unit: 'Milliseconds' }] },
          { Namespace: 'Shop', Dimensions: [['missing']], Metrics: [{ Name: 'took' }] },
        ],
      },
      service: 'cart',
      took: [5, 7],
    };
    const event = (message: string) => ({ timestamp: START, message });
    await logs.putLogEvents({
      logGroupName: 'g',
      logStreamName: 's',
      logEvents: [
        event(JSON.stringify(line)),
        event('{"CloudWatchMetrics"'),
        event('{"_aws":{"CloudWatchMetrics":7}}'),
      ],
    });
    expect(await tested.statistics('Shop', 'took', ['service', 'cart'], 'Sum')).toEqual([
      { Timestamp: new Date(START), Sum: 12, Unit: 'Milliseconds' },
    ]);
    const { Metrics } = await tested.cloudwatch.listMetrics({});
    expect(Metrics).toHaveLength(1);
  });
});

describe('metrics that are asked for without a label', () => {
  it.each([
    [
      ['Sum', 60],
      ['Minimum', 300],
      ['Orders Sum 60', 'Orders Minimum 300'],
    ],
    [
      ['Sum', 60],
      ['Minimum', 60],
      ['Orders Sum', 'Orders Minimum'],
    ],
    [
      ['Sum', 60],
      ['Sum', 300],
      ['Orders 60', 'Orders 300'],
    ],
    [
      ['Sum', 60],
      ['Sum', 60],
      ['Orders', 'Orders'],
    ],
  ] as const)('%j and %j are labelled %j', async (one, other, labels) => {
    const Metric = { Namespace: 'Shop', MetricName: 'Orders' };
    const { MetricDataResults = [] } = await tested.cloudwatch.getMetricData({
      StartTime: new Date(START),
      EndTime: new Date(START + 300_000),
      MetricDataQueries: [one, other].map(([Stat, Period], index) => ({
        Id: `m${index}`,
        MetricStat: { Metric, Period, Stat },
      })),
    });
    expect(MetricDataResults.map(({ Label }) => Label)).toEqual(labels);
  });
});

describe('metrics of services', () => {
  it('count what a queue does', async () => {
    const { QueueUrl } = await tested.sqs.createQueue({ QueueName: 'orders' });
    for (const MessageBody of ['a', 'bcd']) await tested.sqs.sendMessage({ QueueUrl, MessageBody });
    const { Messages: [message] = [] } = await tested.sqs.receiveMessage({ QueueUrl });
    await tested.sqs.deleteMessage({ QueueUrl, ReceiptHandle: message?.ReceiptHandle });
    const sum = async (metric: string) =>
      (await tested.statistics('AWS/SQS', metric, ['QueueName', 'orders'], 'Sum')).map(({ Sum }) => Sum);
    expect(await sum('NumberOfMessagesSent')).toEqual([2]);
    expect(await sum('SentMessageSize')).toEqual([4]);
    expect(await sum('NumberOfMessagesReceived')).toEqual([1]);
    expect(await sum('NumberOfMessagesDeleted')).toEqual([1]);
    expect(await sum('ApproximateNumberOfMessagesVisible')).toEqual([1]);
  });

  it('are there after a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'skein-metrics-'));
    await tested[Symbol.asyncDispose]();
    tested = await startMetrics({ folder });
    await tested.orders(1);
    const { QueueUrl } = await tested.sqs.createQueue({ QueueName: 'orders' });
    await tested.sqs.sendMessage({ QueueUrl, MessageBody: 'a' });
    await tested[Symbol.asyncDispose]();
    tested = await startMetrics({ folder });
    const sent = await tested.statistics('AWS/SQS', 'NumberOfMessagesSent', ['QueueName', 'orders'], 'Sum');
    expect(sent.map(({ Sum }) => Sum)).toEqual([1]);
    await tested[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
    tested = await startMetrics();
  });

  it('are not lost, nor mixed with others, when a query of them fails', async () => {
    const { QueueUrl } = await tested.sqs.createQueue({ QueueName: 'orders' });
    await tested.sqs.sendMessage({ QueueUrl, MessageBody: 'a' });
    const Dimensions = [{ Name: 'QueueName', Value: 'orders' }];
    const Metric = { Namespace: 'AWS/SQS', MetricName: 'NumberOfMessagesSent', Dimensions };
    const failing = tested.cloudwatch.getMetricData({
      StartTime: new Date(START),
      EndTime: new Date(START + 60_000),
      MetricDataQueries: [
        { Id: 'm', MetricStat: { Metric, Period: 60, Stat: 'Sum' }, ReturnData: false },
        { Id: 'several', Expression: '[m, m]' },
      ],
    });
    await expect(failing).rejects.toThrow('A single time series is expected');
    await tested.orders(100);
    await tested.sqs.sendMessage({ QueueUrl, MessageBody: 'b' });
    const sent = await tested.statistics('AWS/SQS', 'NumberOfMessagesSent', ['QueueName', 'orders'], 'Sum');
    expect(sent.map(({ Sum }) => Sum)).toEqual([2]);
    const { Metrics = [] } = await tested.cloudwatch.listMetrics({});
    expect(Metrics.map(({ MetricName }) => MetricName)).toContain('NumberOfMessagesSent');
  });

  it('count and time what a function does', async () => {
    const lambda = new Lambda(tested.cloud.clientConfiguration);
    await lambda.createFunction({
      FunctionName: 'worker',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/worker',
      Code: { ZipFile: zipOf('exports.handler = async ({ fails }) => { if (fails) throw new Error("no"); };') },
    });
    for (const fails of [false, true])
      await lambda.invoke({ FunctionName: 'worker', Payload: JSON.stringify({ fails }) });
    const of = (metric: string, statistic: string) =>
      tested.statistics('AWS/Lambda', metric, ['FunctionName', 'worker'], statistic);
    expect(await of('Invocations', 'Sum')).toMatchObject([{ Sum: 2 }]);
    expect(await of('Errors', 'Sum')).toMatchObject([{ Sum: 1 }]);
    expect(await of('Duration', 'SampleCount')).toMatchObject([{ SampleCount: 2, Unit: 'Milliseconds' }]);
    await lambda.putFunctionConcurrency({ FunctionName: 'worker', ReservedConcurrentExecutions: 0 });
    await expect(lambda.invoke({ FunctionName: 'worker' })).rejects.toThrow();
    expect((await of('Throttles', 'Sum'))[0]?.Sum).toBeGreaterThan(0);
  });
});
