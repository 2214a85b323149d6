import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVENTS, type EventsCloud, QUEUES, START, startEvents } from './test/events.ts';

let tested: EventsCloud;
beforeEach(async () => {
  tested = await startEvents();
});
afterEach(() => tested[Symbol.asyncDispose]());

const PATTERN = '{"source":["shop"]}';

describe('a bus', () => {
  it('is made, listed, described and deleted', async () => {
    const { events } = tested;
    const made = await events.createEventBus({ Name: 'a', Description: 'd' });
    expect(made).toMatchObject({ EventBusArn: `${EVENTS}:event-bus/a`, Description: 'd' });
    await events.createEventBus({ Name: 'b' });
    const names = async (input: object) => (await events.listEventBuses(input)).EventBuses?.map(({ Name }) => Name);
    expect(await names({})).toEqual(['a', 'b', 'default']);
    expect(await names({ NamePrefix: 'a' })).toEqual(['a']);
    const first = await events.listEventBuses({ Limit: 2 });
    expect(await names({ Limit: 2, NextToken: first.NextToken })).toEqual(['default']);
    expect(await events.describeEventBus({ Name: 'a' })).toMatchObject({ Name: 'a', Description: 'd' });
    await events.deleteEventBus({ Name: 'a' });
    await expect(events.describeEventBus({ Name: 'a' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Event bus a does not exist.',
    });
    await expect(events.createEventBus({ Name: 'b' })).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
      message: 'Event bus b already exists.',
    });
    await expect(events.deleteEventBus({ Name: 'default' })).rejects.toMatchObject({
      message: 'Cannot delete event bus default.',
    });
  });

  it('has a policy of statements', async () => {
    const { events } = tested;
    const Principal = '111111111111';
    await events.putPermission({ StatementId: 's', Action: 'events:PutEvents', Principal });
    const { Policy = '' } = await events.describeEventBus({});
    expect(JSON.parse(Policy)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 's',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111111111111:root' },
          Action: 'events:PutEvents',
          Resource: `${EVENTS}:event-bus/default`,
        },
      ],
    });
    await expect(events.removePermission({ StatementId: 'x' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Statement with the provided id does not exist.',
    });
    await events.removePermission({ StatementId: 's' });
    expect((await events.describeEventBus({})).Policy).toBeUndefined();
  });
});

describe('a rule', () => {
  it('is made, changed, listed, found by its target, and deleted without targets alone', async () => {
    const { events } = tested;
    const Arn = `${QUEUES}:q`;
    expect(await events.putRule({ Name: 'r', EventPattern: PATTERN })).toMatchObject({ RuleArn: `${EVENTS}:rule/r` });
    await events.putTargets({ Rule: 'r', Targets: [{ Id: 't', Arn }] });
    await events.putRule({ Name: 'r', EventPattern: PATTERN, State: 'DISABLED', Description: 'new' });
    expect(await events.describeRule({ Name: 'r' })).toMatchObject({ State: 'DISABLED', Description: 'new' });
    expect((await events.listTargetsByRule({ Rule: 'r' })).Targets).toEqual([{ Id: 't', Arn }]);
    expect((await events.listRuleNamesByTarget({ TargetArn: Arn })).RuleNames).toEqual(['r']);
    await expect(events.deleteRule({ Name: 'r' })).rejects.toMatchObject({
      name: 'ValidationException',
      message: "Rule can't be deleted since it has targets.",
    });
    expect((await events.removeTargets({ Rule: 'r', Ids: ['t', 'x'] })).FailedEntries).toMatchObject([
      { TargetId: 'x' },
    ]);
    await events.deleteRule({ Name: 'r' });
    await expect(events.describeRule({ Name: 'r' })).rejects.toMatchObject({
      message: 'Rule r does not exist on EventBus default.',
    });
    expect((await events.listRules({})).Rules).toEqual([]);
  });

  it.each([
    ['{"source":"shop"}', 'InvalidEventPatternException'],
    ['{', 'InvalidEventPatternException'],
    ['{"source":[{"nope":1}]}', 'InvalidEventPatternException'],
  ])('refuses the pattern %s', async (EventPattern, name) => {
    await expect(tested.events.putRule({ Name: 'r', EventPattern })).rejects.toMatchObject({
      name,
      message: expect.stringMatching(/^Event pattern is not valid\. Reason: ./),
    });
  });

  it('refuses targets that are too many, misnamed, or ask for two kinds of input', async () => {
    const { events } = tested;
    await events.putRule({ Name: 'r', EventPattern: PATTERN });
    const Arn = `${QUEUES}:q`;
    const put = (...Targets: { Id: string; Arn: string; Input?: string; InputPath?: string }[]) =>
      events.putTargets({ Rule: 'r', Targets });
    await expect(put(...[1, 2, 3, 4, 5, 6].map((n) => ({ Id: `t${n}`, Arn })))).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'The requested resource exceeds the maximum number allowed.',
    });
    expect((await events.listTargetsByRule({ Rule: 'r' })).Targets).toEqual([]);
    await expect(put({ Id: '!@#', Arn })).rejects.toMatchObject({
      message:
        "1 validation error detected: Value '!@#' at 'targets.1.member.id' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+",
    });
    await expect(put({ Id: 't', Arn, Input: '{}', InputPath: '$.detail' })).rejects.toMatchObject({
      message: 'Only one of Input, InputPath, or InputTransformer must be provided for target t.',
    });
    const InputTransformer = { InputPathsMap: {}, InputTemplate: '"<no>"' };
    await expect(events.putTargets({ Rule: 'r', Targets: [{ Id: 't', Arn, InputTransformer }] })).rejects.toMatchObject(
      {
        message: 'InputTemplate for target t contains invalid placeholder no.',
      },
    );
  });

  it('schedules on the default bus alone', async () => {
    await tested.events.createEventBus({ Name: 'a' });
    const input = { Name: 'r', EventBusName: 'a', ScheduleExpression: 'rate(1 minute)' };
    await expect(tested.events.putRule(input)).rejects.toMatchObject({
      message: 'ScheduleExpression is supported only on the default event bus.',
    });
  });

  it('tests a pattern', async () => {
    const Event = JSON.stringify({
      id: '1',
      account: '0',
      source: 'shop',
      time: '2026-01-01T00:00:00Z',
      region: 'us-east-1',
      resources: [],
      'detail-type': 'order',
      detail: { total: 5 },
    });
    const test = async (pattern: object) =>
      (await tested.events.testEventPattern({ Event, EventPattern: JSON.stringify(pattern) })).Result;
    expect(await test({ detail: { total: [{ numeric: ['>', 3] }] } })).toBe(true);
    expect(await test({ detail: { total: [{ numeric: ['>', 7] }] } })).toBe(false);
  });
});

describe('tags', () => {
  it('belong to rules and buses, and end with them', async () => {
    const { events } = tested;
    await events.putRule({ Name: 'r', EventPattern: PATTERN, Tags: [{ Key: 'a', Value: '1' }] });
    const ResourceARN = `${EVENTS}:rule/r`;
    await events.tagResource({ ResourceARN, Tags: [{ Key: 'b', Value: '2' }] });
    await events.untagResource({ ResourceARN, TagKeys: ['a', 'none'] });
    expect((await events.listTagsForResource({ ResourceARN })).Tags).toEqual([{ Key: 'b', Value: '2' }]);
    await events.deleteRule({ Name: 'r' });
    await expect(events.listTagsForResource({ ResourceARN })).rejects.toMatchObject({
      message: 'Rule r does not exist on EventBus default.',
    });
  });
});

describe('an archive', () => {
  it('keeps what matches, and a replay sends it once more, marked with its name', async () => {
    const { events, cloud } = tested;
    const bus = `${EVENTS}:event-bus/default`;
    await events.createArchive({ ArchiveName: 'all', EventSourceArn: bus, EventPattern: PATTERN });
    await tested.rule('orders', { Arn: await tested.queue('orders') });
    await tested.put({ n: 1 });
    await cloud.clock.advance('1 hour');
    await tested.put({ n: 2 });
    await tested.put({ n: 3 }, { Source: 'bank' });
    await cloud.settle();
    await tested.messages('orders');
    expect(await events.describeArchive({ ArchiveName: 'all' })).toMatchObject({ EventCount: 2, State: 'ENABLED' });
    const replay = {
      ReplayName: 'again',
      EventSourceArn: `${EVENTS}:archive/all`,
      EventStartTime: new Date(START),
      EventEndTime: new Date(START + 60_000),
      Destination: { Arn: bus },
    };
    expect(await events.startReplay(replay)).toMatchObject({ State: 'STARTING' });
    await cloud.settle();
    const sent = (await tested.messages('orders')).map(({ body }) => JSON.parse(body));
    expect(sent.map((event) => [event.detail.n, event['replay-name']])).toEqual([[1, 'again']]);
    expect(await events.describeReplay({ ReplayName: 'again' })).toMatchObject({ State: 'COMPLETED' });
    expect(await events.describeArchive({ ArchiveName: 'all' })).toMatchObject({ EventCount: 2 });
    await expect(events.startReplay(replay)).rejects.toMatchObject({ message: 'Replay again already exists.' });
    const early = { ...replay, ReplayName: 'x', EventEndTime: replay.EventStartTime };
    await expect(events.startReplay(early)).rejects.toMatchObject({
      message: 'Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.',
    });
    await expect(events.cancelReplay({ ReplayName: 'again' })).rejects.toMatchObject({
      name: 'IllegalStatusException',
    });
  });

  it('forgets what is older than its retention', async () => {
    const { events, cloud } = tested;
    await events.createArchive({ ArchiveName: 'day', EventSourceArn: `${EVENTS}:event-bus/default`, RetentionDays: 1 });
    await tested.put({});
    expect((await events.listArchives({})).Archives).toMatchObject([{ EventCount: 1 }]);
    await cloud.clock.advance('2 days');
    expect((await events.listArchives({})).Archives).toMatchObject([{ EventCount: 0, SizeBytes: 0 }]);
  });
});
