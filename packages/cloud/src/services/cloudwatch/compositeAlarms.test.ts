import { App, Stack } from 'aws-cdk-lib';
import { AlarmRule, AlarmState, CompositeAlarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alarmsIn, holds, type AlarmRule as Rule, readRule } from './alarmRule.ts';
import { type MetricsCloud, startMetrics } from './test/metricsCloud.ts';

const ARN = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm';

describe('a rule', () => {
  it.each([
    ['ALARM(a)', true],
    ['ALARM("a") AND ALARM("b c")', false],
    ["ALARM('a') OR ALARM(b)", true],
    ['NOT ALARM(a) OR OK("b c")', true],
    ['NOT (ALARM(a) OR FALSE)', false],
    ['ALARM(a) AND NOT ALARM(b) AND TRUE', true],
    ['OK(b) AND INSUFFICIENT_DATA(d)', false],
    [`ALARM("${ARN}:a")`, true],
  ])('%s is %s', (text, expected) => {
    const states = new Map([
      ['a', 'ALARM' as const],
      ['b c', 'OK' as const],
    ]);
    expect(holds(readRule(text), (name) => states.get(name))).toBe(expected);
  });

  it('names its alarms, by name and by ARN', () => {
    const rule: Rule = readRule(`ALARM(a) AND (OK("${ARN}:b") OR NOT ALARM(a))`);
    expect(alarmsIn(rule).sort()).toEqual(['a', 'b']);
  });

  it.each(['ALARM(a', 'ALARM(a) ALARM(b)', 'AND', 'AT_LEAST(2, ALARM, (a, b))', '"', ''])('refuses %s', (text) => {
    expect(() => readRule(text)).toThrow(/Error in AlarmRule/);
  });
});

describe('a composite alarm', () => {
  let tested: MetricsCloud;

  beforeEach(async () => {
    tested = await startMetrics();
    await tested.alarm('many');
    await tested.alarm('busy');
  });

  afterEach(() => tested[Symbol.asyncDispose]());

  const put = (AlarmName: string, rule: string) => tested.cloudwatch.putCompositeAlarm({ AlarmName, AlarmRule: rule });
  const set = (AlarmName: string, StateValue: 'ALARM' | 'OK') =>
    tested.cloudwatch.setAlarmState({ AlarmName, StateValue, StateReason: 'a test' });
  const composite = async (name: string) => {
    const { CompositeAlarms = [], MetricAlarms } = await tested.cloudwatch.describeAlarms({
      AlarmNames: [name],
      AlarmTypes: ['CompositeAlarm'],
    });
    expect(MetricAlarms).toEqual([]);
    return CompositeAlarms[0];
  };

  it("has the state of its rule, and says which alarm gave it in AWS's words", async () => {
    await put('both', 'ALARM(many) OR ALARM(busy)');
    expect(await composite('both')).toMatchObject({
      AlarmArn: `${ARN}:both`,
      AlarmRule: 'ALARM(many) OR ALARM(busy)',
      ActionsEnabled: true,
      OKActions: [],
      StateValue: 'OK',
      StateReason: `${ARN}:both was created and its alarm rule evaluates to OK`,
    });
    await set('many', 'ALARM');
    const { StateValue, StateReason, StateReasonData = '' } = (await composite('both')) ?? {};
    expect([StateValue, StateReason]).toEqual([
      'ALARM',
      `${ARN}:many transitioned to ALARM at Thursday 01 January, 2026 00:00:00 UTC`,
    ]);
    expect(JSON.parse(StateReasonData)).toEqual({
      triggeringAlarms: [{ arn: `${ARN}:many`, state: { value: 'ALARM', timestamp: '2026-01-01T00:00:00.000+0000' } }],
    });
    // The second changes nothing.
    await set('busy', 'ALARM');
    expect((await composite('both'))?.StateReason).toBe(StateReason);
    await set('many', 'OK');
    expect((await composite('both'))?.StateValue).toBe('ALARM');
    await set('busy', 'OK');
    expect((await composite('both'))?.StateValue).toBe('OK');
    const { AlarmHistoryItems = [] } = await tested.cloudwatch.describeAlarmHistory({ AlarmName: 'both' });
    expect(AlarmHistoryItems.map(({ AlarmType, HistorySummary }) => [AlarmType, HistorySummary])).toEqual([
      ['CompositeAlarm', 'Alarm updated from ALARM to OK'],
      ['CompositeAlarm', 'Alarm updated from OK to ALARM'],
      ['CompositeAlarm', 'Alarm updated from INSUFFICIENT_DATA to OK'],
      ['CompositeAlarm', 'Alarm "both" created'],
    ]);
  });

  it('follows another composite alarm, and metrics on the clock', async () => {
    await tested.alarm('huge', { Threshold: 100 });
    await put('inner', 'ALARM(many)');
    await put('outer', 'ALARM(inner) AND NOT ALARM(huge)');
    for (const [value, inner, outer] of [
      [9, 'ALARM', 'ALARM'],
      [900, 'ALARM', 'OK'],
      [1, 'OK', 'OK'],
    ] as const) {
      await tested.orders(value);
      await tested.cloud.clock.advance('1 minute');
      expect([(await composite('inner'))?.StateValue, (await composite('outer'))?.StateValue]).toEqual([inner, outer]);
    }
  });

  it('knows its parents and children', async () => {
    await put('inner', 'ALARM(many)');
    await put('outer', 'ALARM(inner) OR ALARM(busy)');
    const children = await tested.cloudwatch.describeAlarms({ ChildrenOfAlarmName: 'outer' });
    expect(children.CompositeAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(['inner']);
    expect(children.MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(['busy']);
    const parents = await tested.cloudwatch.describeAlarms({ ParentsOfAlarmName: 'many' });
    expect(parents.CompositeAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(['inner']);
    expect(parents.MetricAlarms).toEqual([]);
  });

  it('keeps the alarms that it needs, and needs those that are there', async () => {
    await put('inner', 'ALARM(many)');
    const { cloudwatch } = tested;
    await expect(cloudwatch.deleteAlarms({ AlarmNames: ['many'] })).rejects.toThrow('Cannot delete many as there are');
    await expect(put('lost', 'ALARM(nowhere)')).rejects.toThrow('[nowhere] in the alarm rule do not exist');
    await put('outer', 'ALARM(inner)');
    await expect(put('inner', 'ALARM(outer)')).rejects.toThrow('cycle');
    await expect(put('many', 'ALARM(busy)')).rejects.toThrow('cannot become a composite one');
    await expect(tested.alarm('inner')).rejects.toThrow('cannot become a metric one');
    await cloudwatch.deleteAlarms({ AlarmNames: ['many', 'inner', 'outer'] });
    expect(await composite('inner')).toBeUndefined();
  });

  it('has tags, and actions that can be off', async () => {
    await tested.cloudwatch.putCompositeAlarm({
      AlarmName: 'tagged',
      AlarmRule: 'ALARM(many)',
      Tags: [{ Key: 'team', Value: 'shop' }],
    });
    const ResourceARN = `${ARN}:tagged`;
    await tested.cloudwatch.tagResource({ ResourceARN, Tags: [{ Key: 'tier', Value: '1' }] });
    await tested.cloudwatch.untagResource({ ResourceARN, TagKeys: ['team'] });
    expect((await tested.cloudwatch.listTagsForResource({ ResourceARN })).Tags).toEqual([{ Key: 'tier', Value: '1' }]);
    await tested.cloudwatch.disableAlarmActions({ AlarmNames: ['tagged'] });
    expect((await composite('tagged'))?.ActionsEnabled).toBe(false);
    await tested.cloudwatch.deleteAlarms({ AlarmNames: ['tagged'] });
    expect((await tested.cloudwatch.listTagsForResource({ ResourceARN })).Tags).toEqual([]);
  });

  it('is deployed, and tells its topic when it goes off', async () => {
    const app = new App();
    const stack = new Stack(app, 'Watched');
    const told = new Queue(stack, 'Told');
    const topic = new Topic(stack, 'Alarms');
    topic.addSubscription(new SqsSubscription(told));
    const depth = new Metric({ namespace: 'Shop', metricName: 'Depth', statistic: 'Sum' }).createAlarm(stack, 'Depth', {
      threshold: 1,
      evaluationPeriods: 1,
    });
    const alarm = new CompositeAlarm(stack, 'Any', {
      alarmRule: AlarmRule.anyOf(AlarmRule.fromAlarm(depth, AlarmState.ALARM), AlarmRule.fromBoolean(false)),
    });
    alarm.addAlarmAction(new SnsAction(topic));
    const deployed = await tested.cloud.deploy(app);
    await tested.cloudwatch.putMetricData({ Namespace: 'Shop', MetricData: [{ MetricName: 'Depth', Value: 5 }] });
    await tested.cloud.clock.advance('5 minutes');
    const QueueUrl = `${tested.cloud.url}/000000000000/${deployed.resource('Told').split(':').at(-1)}`;
    const { Messages = [] } = await tested.sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
    const [first] = Messages.map(({ Body = '' }) => JSON.parse(JSON.parse(Body).Message));
    expect(first).toMatchObject({ NewStateValue: 'ALARM', OldStateValue: 'OK', AlarmRule: expect.any(String) });
    expect(first).not.toHaveProperty('Trigger');
  });
});
