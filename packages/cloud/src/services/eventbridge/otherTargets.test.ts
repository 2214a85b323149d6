import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { Scheduler } from '@aws-sdk/client-scheduler';
import { SNS } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EVENTS, type EventsCloud, startEvents } from './test/events.ts';

let tested: EventsCloud;
beforeEach(async () => {
  tested = await startEvents();
});
afterEach(() => tested[Symbol.asyncDispose]());

it('a topic is given an event, and its subscribers have it', async () => {
  const sns = new SNS(tested.cloud.clientConfiguration);
  const { TopicArn = '' } = await sns.createTopic({ Name: 't' });
  const Attributes = { RawMessageDelivery: 'true' };
  await sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: await tested.queue('q'), Attributes });
  sns.destroy();
  await tested.rule('news', { Arn: TopicArn, InputPath: '$.detail' });
  await tested.put({ n: 1 });
  await tested.cloud.settle();
  expect((await tested.messages('q')).map(({ body }) => body)).toEqual(['{"n":1}']);
});

it('a log group has an event in a stream of the target', async () => {
  const logs = new CloudWatchLogs(tested.cloud.clientConfiguration);
  const logGroupName = '/aws/events/orders';
  await logs.createLogGroup({ logGroupName });
  await tested.rule('log', { Arn: `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}:*` });
  await tested.put({ n: 1 });
  await tested.put({ n: 2 });
  await tested.cloud.settle();
  const { events = [] } = await logs.filterLogEvents({ logGroupName });
  expect(events.map(({ message = '' }) => JSON.parse(message).detail)).toEqual([{ n: 1 }, { n: 2 }]);
  expect((await logs.describeLogStreams({ logGroupName })).logStreams).toHaveLength(1);
  logs.destroy();
});

it('a bus takes what a schedule puts on it', async () => {
  const scheduler = new Scheduler(tested.cloud.clientConfiguration);
  await tested.rule('timed', { Arn: await tested.queue('q') });
  await scheduler.createSchedule({
    Name: 's',
    ScheduleExpression: 'at(2026-01-01T01:00:00)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: `${EVENTS}:event-bus/default`,
      RoleArn: 'arn:aws:iam::000000000000:role/r',
      EventBridgeParameters: { Source: 'shop', DetailType: 'due' },
      Input: '{"n":1}',
    },
  });
  scheduler.destroy();
  await tested.cloud.settle({ advance: true });
  const [event] = await tested.messages('q');
  expect(JSON.parse(event?.body ?? '')).toMatchObject({
    'detail-type': 'due',
    time: '2026-01-01T01:00:00Z',
    detail: { n: 1 },
  });
});
