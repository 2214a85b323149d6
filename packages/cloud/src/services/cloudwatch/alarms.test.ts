import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { Lambda } from '@aws-sdk/client-lambda';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { zipOf } from '../lambda/test/zip.ts';
import { type MetricsCloud, startMetrics } from './test/metricsCloud.ts';

let tested: MetricsCloud;

beforeEach(async () => {
  tested = await startMetrics();
});

afterEach(() => tested[Symbol.asyncDispose]());

const minute = () => tested.cloud.clock.advance('1 minute');

/** A topic whose messages end up in a queue, and what is in it. */
async function topic() {
  const { TopicArn = '' } = await tested.sns.createTopic({ Name: 'alarms' });
  const { QueueUrl = '' } = await tested.sqs.createQueue({ QueueName: 'alarms' });
  await tested.sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy: policyFor('sns.amazonaws.com') } });
  const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:alarms';
  await tested.sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint });
  return { arn: TopicArn, messages: () => messagesOf(QueueUrl) };
}

const policyFor = (Service: string): string =>
  JSON.stringify({
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sqs:SendMessage', Resource: '*' }],
  });

async function messagesOf(QueueUrl: string) {
  const { Messages = [] } = await tested.sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
  return Messages.map(({ Body = '' }) => {
    const { Subject, Message } = JSON.parse(Body);
    return { subject: Subject, message: JSON.parse(Message) };
  });
}

describe('an alarm', () => {
  it('goes from no data to OK, to ALARM and back, at the ends of minutes', async () => {
    await tested.alarm('many');
    expect(await tested.state('many')).toEqual(['INSUFFICIENT_DATA', 'Unchecked: Initial alarm creation']);
    await tested.orders(2);
    await minute();
    expect(await tested.state('many')).toEqual([
      'OK',
      'Threshold Crossed: 1 datapoint [2.0 (01/01/26 00:00:00)] was not greater than the threshold (3.0).',
    ]);
    await tested.orders(2);
    await tested.orders(2);
    await minute();
    expect(await tested.state('many')).toEqual([
      'ALARM',
      'Threshold Crossed: 1 datapoint [4.0 (01/01/26 00:01:00)] was greater than the threshold (3.0).',
    ]);
    // Older periods stand in for those without data, as long as there are any.
    await tested.cloud.clock.advance('2 minutes');
    expect((await tested.state('many'))[0]).toBe('ALARM');
    await minute();
    expect((await tested.state('many'))[0]).toBe('INSUFFICIENT_DATA');
  });

  it.each([
    ['missing', 'INSUFFICIENT_DATA'],
    ['notBreaching', 'OK'],
    ['breaching', 'ALARM'],
    ['ignore', 'ALARM'],
  ])('that treats missing data as %s is %s when nothing is measured any more', async (TreatMissingData, state) => {
    await tested.alarm('many', { TreatMissingData });
    await tested.orders(9);
    await minute();
    expect((await tested.state('many'))[0]).toBe('ALARM');
    await tested.cloud.clock.advance('5 minutes');
    expect((await tested.state('many'))[0]).toBe(state);
  });

  it('waits for M of N datapoints', async () => {
    await tested.alarm('often', { EvaluationPeriods: 3, DatapointsToAlarm: 2, TreatMissingData: 'notBreaching' });
    for (const [value, state] of [
      [9, 'OK'],
      [1, 'OK'],
      [9, 'ALARM'],
      [1, 'OK'],
    ] as const) {
      await tested.orders(value);
      await minute();
      expect((await tested.state('often'))[0]).toBe(state);
    }
  });

  it("tells its topic of each change, once, in AWS's words", async () => {
    const to = await topic();
    await tested.alarm('many', { AlarmActions: [to.arn], OKActions: [to.arn], AlarmDescription: 'too many' });
    for (const value of [1, 9, 9, 1]) {
      await tested.orders(value);
      await minute();
    }
    const told = await to.messages();
    expect(told.map(({ subject }) => subject)).toEqual([
      'OK: "many" in US East (N. Virginia)',
      'ALARM: "many" in US East (N. Virginia)',
      'OK: "many" in US East (N. Virginia)',
    ]);
    expect(told[1]?.message).toMatchObject({
      AlarmName: 'many',
      AlarmDescription: 'too many',
      AWSAccountId: '000000000000',
      NewStateValue: 'ALARM',
      OldStateValue: 'OK',
      StateChangeTime: '2026-01-01T00:02:00.000+0000',
      Region: 'US East (N. Virginia)',
      AlarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:many',
      Trigger: {
        MetricName: 'Orders',
        Namespace: 'Shop',
        StatisticType: 'Statistic',
        Statistic: 'SUM',
        Unit: null,
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 3,
      },
    });
    const { AlarmHistoryItems = [] } = await tested.cloudwatch.describeAlarmHistory({ AlarmName: 'many' });
    expect(AlarmHistoryItems.map(({ HistoryItemType }) => HistoryItemType)).toContain('Action');
    expect(AlarmHistoryItems.at(-1)?.HistorySummary).toBe('Alarm "many" created');
  });

  it('tells functions and the default event bus', async () => {
    const { cloud, sqs } = tested;
    const events = new EventBridge(cloud.clientConfiguration);
    const lambda = new Lambda(cloud.clientConfiguration);
    const { FunctionArn = '' } = await lambda.createFunction({
      FunctionName: 'told',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/told',
      Code: { ZipFile: zipOf('exports.handler = async (event) => console.log(JSON.stringify(event));') },
    });
    await sqs.createQueue({
      QueueName: 'events',
      Attributes: { Policy: policyFor('events.amazonaws.com') },
    });
    await events.putRule({ Name: 'alarms', EventPattern: '{"source":["aws.cloudwatch"]}' });
    await events.putTargets({
      Rule: 'alarms',
      Targets: [{ Id: '1', Arn: 'arn:aws:sqs:us-east-1:000000000000:events' }],
    });
    await tested.alarm('many', { AlarmActions: [FunctionArn] });
    await tested.orders(9);
    await minute();
    const { Messages = [] } = await sqs.receiveMessage({ QueueUrl: `${cloud.url}/000000000000/events` });
    expect(JSON.parse(Messages[0]?.Body ?? '')).toMatchObject({
      'detail-type': 'CloudWatch Alarm State Change',
      resources: ['arn:aws:cloudwatch:us-east-1:000000000000:alarm:many'],
      detail: { alarmName: 'many', state: { value: 'ALARM' }, previousState: { value: 'INSUFFICIENT_DATA' } },
    });
    const logs = new CloudWatchLogs(cloud.clientConfiguration);
    const { events: lines = [] } = await logs.filterLogEvents({
      logGroupName: '/aws/lambda/told',
      filterPattern: '"aws.cloudwatch"',
    });
    const [, , , text = ''] = lines[0]?.message?.split('\t') ?? [];
    expect(JSON.parse(text)).toMatchObject({
      source: 'aws.cloudwatch',
      accountId: '000000000000',
      alarmData: { configuration: { metrics: [{ metricStat: { metric: { namespace: 'Shop', name: 'Orders' } } }] } },
    });
  });

  it('tells nobody while its actions are off', async () => {
    const to = await topic();
    await tested.alarm('many', { AlarmActions: [to.arn] });
    await tested.cloudwatch.disableAlarmActions({ AlarmNames: ['many'] });
    await tested.orders(9);
    await minute();
    expect((await tested.state('many'))[0]).toBe('ALARM');
    expect(await to.messages()).toEqual([]);
  });

  it('can be given a state', async () => {
    const to = await topic();
    await tested.alarm('many', { AlarmActions: [to.arn] });
    await tested.cloudwatch.setAlarmState({ AlarmName: 'many', StateValue: 'ALARM', StateReason: 'a test' });
    await tested.cloud.settle();
    expect((await to.messages())[0]?.message.NewStateReason).toBe('a test');
    await expect(
      tested.cloudwatch.setAlarmState({ AlarmName: 'none', StateValue: 'OK', StateReason: '' }),
    ).rejects.toMatchObject({ name: 'ResourceNotFound' });
    await expect(
      tested.cloudwatch.setAlarmState({ AlarmName: 'many', StateValue: 'BAD' as 'OK', StateReason: '' }),
    ).rejects.toMatchObject({
      message: expect.stringContaining("Value 'BAD' at 'stateValue' failed to satisfy constraint"),
    });
  });

  it('looks at metric math', async () => {
    await tested.alarm('share', {
      Namespace: undefined,
      MetricName: undefined,
      Statistic: undefined,
      Period: undefined,
      Metrics: [
        {
          Id: 'm1',
          MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Orders' }, Period: 60, Stat: 'Sum' },
          ReturnData: false,
        },
        { Id: 'e1', Expression: 'm1 * 2', ReturnData: true },
      ],
    });
    await tested.orders(2);
    await minute();
    expect((await tested.state('share'))[0]).toBe('ALARM');
  });

  it('goes on after a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'skein-alarms-'));
    await tested[Symbol.asyncDispose]();
    tested = await startMetrics({ folder });
    await tested.alarm('many');
    await tested.orders(9);
    const now = tested.cloud.clock.now;
    await tested[Symbol.asyncDispose]();
    tested = await startMetrics({ folder, now });
    await minute();
    expect((await tested.state('many'))[0]).toBe('ALARM');
  });

  it('costs a month of nothing next to nothing', async () => {
    await tested.alarm('many');
    await tested.orders(9);
    const hops = tested.cloud.trace.all().length;
    await tested.cloud.clock.advance('30 days');
    expect((await tested.state('many'))[0]).toBe('INSUFFICIENT_DATA');
    expect(tested.cloud.trace.all().length - hops).toBeLessThan(10);
  });
});

describe('an alarm on the depth of a dead-letter queue', () => {
  it('goes off when a message lands there, and is over when it is gone', async () => {
    const app = new App();
    const stack = new Stack(app, 'Alarmed');
    const letters = new Queue(stack, 'Letters');
    const orders = new Queue(stack, 'Orders', {
      visibilityTimeout: Duration.seconds(30),
      deadLetterQueue: { queue: letters, maxReceiveCount: 1 },
    });
    const told = new Queue(stack, 'Told');
    const alarms = new Topic(stack, 'Alarms');
    alarms.addSubscription(new SqsSubscription(told));
    const alarm = letters
      .metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' })
      .createAlarm(stack, 'Depth', { threshold: 1, evaluationPeriods: 1 });
    alarm.addAlarmAction(new SnsAction(alarms));
    stack.exportValue(orders.queueUrl, { name: 'orders' });
    const deployed = await tested.cloud.deploy(app);
    const urlOf = (id: string) => `${tested.cloud.url}/000000000000/${deployed.resource(id).split(':').at(-1)}`;
    const name = deployed.resource('Depth').split(':').at(-1) ?? '';
    await minute();
    expect((await tested.state(name))[0]).toBe('OK');
    await tested.sqs.sendMessage({ QueueUrl: urlOf('Orders'), MessageBody: 'bad' });
    await tested.sqs.receiveMessage({ QueueUrl: urlOf('Orders') });
    await tested.cloud.clock.advance('31 s');
    await tested.sqs.receiveMessage({ QueueUrl: urlOf('Orders') });
    await minute();
    expect((await tested.state(name))[0]).toBe('ALARM');
    expect(await messagesOf(urlOf('Told'))).toMatchObject([
      { message: { NewStateValue: 'ALARM', OldStateValue: 'OK' } },
    ]);
    await tested.sqs.purgeQueue({ QueueUrl: urlOf('Letters') });
    await minute();
    expect((await tested.state(name))[0]).toBe('OK');
  });
});
