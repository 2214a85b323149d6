import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogs, type MetricTransformation } from '@aws-sdk/client-cloudwatch-logs';
import { App, Stack } from 'aws-cdk-lib';
import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../cloud.ts';

const START = Date.UTC(2026, 0, 1);
const GROUP = { logGroupName: 'orders' };

let cloud: Cloud;
let logs: CloudWatchLogs;
let cloudwatch: CloudWatch;

beforeEach(async () => {
  cloud = await startCloud({ clock: 'virtual', now: new Date(START) });
  logs = new CloudWatchLogs({ ...cloud.clientConfiguration, maxAttempts: 1 });
  cloudwatch = new CloudWatch(cloud.clientConfiguration);
  await logs.createLogGroup(GROUP);
  await logs.createLogStream({ ...GROUP, logStreamName: 's' });
});

afterEach(() => cloud.stop());

const put = (filterPattern: string, more: Partial<MetricTransformation> = {}) =>
  logs.putMetricFilter({
    ...GROUP,
    filterName: 'filter',
    filterPattern,
    metricTransformations: [{ metricName: 'Errors', metricNamespace: 'Shop', metricValue: '1', ...more }],
  });

const write = (messages: readonly string[], logGroupName = 'orders') =>
  logs.putLogEvents({
    logGroupName,
    logStreamName: 's',
    logEvents: messages.map((message) => ({ message, timestamp: cloud.clock.now.getTime() })),
  });

/** What was measured: count, sum, most and unit of each minute. */
async function measured(Dimensions: { Name: string; Value: string }[] = []) {
  const { Datapoints = [] } = await cloudwatch.getMetricStatistics({
    Namespace: 'Shop',
    MetricName: 'Errors',
    Dimensions,
    StartTime: new Date(START),
    EndTime: new Date(cloud.clock.now.getTime() + 60_000),
    Period: 60,
    Statistics: ['SampleCount', 'Sum', 'Maximum'],
  });
  return Datapoints.map(({ SampleCount, Sum, Maximum, Unit }) => [SampleCount, Sum, Maximum, Unit]);
}

describe('a metric filter', () => {
  it('counts the events that it finds', async () => {
    await put('ERROR');
    await write(['ERROR one', 'fine', 'ERROR two']);
    expect(await measured()).toEqual([[2, 2, 1, 'None']]);
  });

  it('measures a field of JSON, by the values of others', async () => {
    await put('{ $.latency > 100 }', {
      metricValue: '$.latency',
      unit: 'Milliseconds',
      dimensions: { Route: '$.request.route' },
    });
    await write([
      '{"latency":250,"request":{"route":"/a"}}',
      '{"latency":150,"request":{"route":"/a"}}',
      '{"latency":50,"request":{"route":"/a"}}',
      '{"latency":300}',
    ]);
    expect(await measured([{ Name: 'Route', Value: '/a' }])).toEqual([[2, 400, 250, 'Milliseconds']]);
    expect(await measured()).toEqual([]);
  });

  it('measures a column', async () => {
    await put('[ip, ..., status = 5*, bytes]', { metricValue: '$bytes' });
    await write(['10.0.0.1 - "GET /" 503 120', '10.0.0.1 - "GET /" 200 9000']);
    expect(await measured()).toEqual([[1, 120, 120, 'None']]);
  });

  it('has a value of its own for minutes in which it finds nothing', async () => {
    await put('ERROR', { defaultValue: 0 });
    await write(['fine', 'fine']);
    expect(await measured()).toEqual([[1, 0, 0, 'None']]);
    await cloud.clock.advance('1 minute');
    await write(['ERROR']);
    await write(['fine']);
    expect(await measured()).toEqual([
      [1, 0, 0, 'None'],
      [1, 1, 1, 'None'],
    ]);
  });

  it('is shown, changed and deleted', async () => {
    await put('ERROR', { defaultValue: 0 });
    const { metricFilters } = await logs.describeMetricFilters({ ...GROUP, filterNamePrefix: 'fil' });
    expect(metricFilters).toEqual([
      {
        filterName: 'filter',
        filterPattern: 'ERROR',
        logGroupName: 'orders',
        creationTime: START,
        applyOnTransformedLogs: false,
        metricTransformations: [{ metricName: 'Errors', metricNamespace: 'Shop', metricValue: '1', defaultValue: 0 }],
      },
    ]);
    await put('WARN');
    const found = await logs.describeMetricFilters({ metricName: 'Errors', metricNamespace: 'Shop' });
    expect(found.metricFilters?.map(({ filterPattern }) => filterPattern)).toEqual(['WARN']);
    await write(['ERROR']);
    expect(await measured()).toEqual([]);
    await logs.deleteMetricFilter({ ...GROUP, filterName: 'filter' });
    await write(['WARN']);
    expect(await measured()).toEqual([]);
    await expect(logs.deleteMetricFilter({ ...GROUP, filterName: 'filter' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified metric filter does not exist.',
    });
  });

  it('goes with its group', async () => {
    await put('ERROR');
    await logs.deleteLogGroup(GROUP);
    await logs.createLogGroup(GROUP);
    expect((await logs.describeMetricFilters(GROUP)).metricFilters).toEqual([]);
  });

  it('comes in pages, in the order of groups and names', async () => {
    await logs.createLogGroup({ logGroupName: 'orders-2' });
    for (const [logGroupName, filterName] of [
      ['orders-2', 'a'],
      ['orders', 'b'],
      ['orders', 'a'],
    ] as const) {
      await logs.putMetricFilter({
        logGroupName,
        filterName,
        filterPattern: '',
        metricTransformations: [{ metricName: 'm', metricNamespace: 'n', metricValue: '1' }],
      });
    }
    const names: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await logs.describeMetricFilters({ limit: 1, nextToken });
      names.push(...(page.metricFilters ?? []).map((each) => `${each.logGroupName}/${each.filterName}`));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(names).toEqual(['orders/a', 'orders/b', 'orders-2/a']);
  });

  it.each([
    ['{ $.a = ', {}, /./],
    ['ERROR', { metricValue: 'many' }, /'many' is neither a number nor a field/],
    ['[ip, bytes]', { metricValue: '$size' }, /./],
    ['{ $.a = 1 }', { defaultValue: 0, dimensions: { A: '$.a' } }, /mutually exclusive/],
  ])('refuses %s with %j', async (pattern, more, message) => {
    await expect(put(pattern, more)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringMatching(message),
    });
  });

  it('has one transformation', async () => {
    const one = { metricName: 'metric1', metricNamespace: 'namespace1', metricValue: '1' };
    await expect(
      logs.putMetricFilter({ ...GROUP, filterName: 'f', filterPattern: '', metricTransformations: [one, one] }),
    ).rejects.toThrow(
      "Value '[MetricTransformation(metricName=metric1, metricNamespace=namespace1, metricValue=1, defaultValue=null, unit=null, dimensions=null), MetricTransformation(metricName=metric1, metricNamespace=namespace1, metricValue=1, defaultValue=null, unit=null, dimensions=null)]' at 'metricTransformations' failed to satisfy constraint: Member must have length less than or equal to 1",
    );
  });

  it('can be tried on messages', async () => {
    const { matches } = await logs.testMetricFilter({
      filterPattern: '{ $.latency > 100 }',
      logEventMessages: ['{"latency":250}', '{"latency":50}', 'text'],
    });
    expect(matches).toEqual([
      { eventNumber: 1, eventMessage: '{"latency":250}', extractedValues: { '$.latency': '250' } },
    ]);
  });

  it('is deployed, and taken away', async () => {
    const app = () => {
      const stack = new Stack(new App(), 'Logged');
      const logGroup = new LogGroup(stack, 'Group', { logGroupName: 'deployed' });
      return { stack, logGroup };
    };
    const { stack, logGroup } = app();
    new MetricFilter(stack, 'Errors', {
      logGroup,
      metricNamespace: 'Shop',
      metricName: 'Errors',
      metricValue: '$.count',
      filterPattern: FilterPattern.stringValue('$.level', '=', 'ERROR'),
    });
    await cloud.deploy(stack.node.root as App);
    await logs.createLogStream({ logGroupName: 'deployed', logStreamName: 's' });
    await write(['{"level":"ERROR","count":3}'], 'deployed');
    expect(await measured()).toEqual([[1, 3, 3, 'None']]);
    await cloud.deploy(app().stack.node.root as App);
    expect((await logs.describeMetricFilters({ logGroupName: 'deployed' })).metricFilters).toEqual([]);
  });
});
