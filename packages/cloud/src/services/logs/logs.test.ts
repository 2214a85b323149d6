import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteResourcePolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  DescribeResourcePoliciesCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  PutLogEventsCommand,
  PutResourcePolicyCommand,
  PutRetentionPolicyCommand,
  StartQueryCommand,
  TagLogGroupCommand,
  TagResourceCommand,
  UntagLogGroupCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../cloud.ts';

let cloud: Cloud;
let logs: CloudWatchLogsClient;
let group: string;
let groups = 0;

const START = new Date('2026-03-01T12:00:00Z');

beforeAll(async () => {
  cloud = await startCloud({ clock: 'virtual', now: START });
  logs = cloud.client(CloudWatchLogsClient);
});

afterAll(async () => {
  logs.destroy();
  await cloud[Symbol.asyncDispose]();
});

beforeEach(async () => {
  group = `/test/${++groups}`;
  await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: 'a' }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: 'b' }));
});

const now = () => cloud.clock.now.getTime();

const put = (stream: string, messages: readonly string[], first: number = now()) =>
  logs.send(
    new PutLogEventsCommand({
      logGroupName: group,
      logStreamName: stream,
      logEvents: messages.map((message, index) => ({ message, timestamp: first + index })),
    }),
  );

const filter = async (input: Partial<FilterLogEventsCommandInput> = {}) =>
  logs.send(new FilterLogEventsCommand({ logGroupName: group, ...input }));

const messagesOf = ({ events = [] }: { events?: { message?: string | undefined }[] | undefined }) =>
  events.map(({ message }) => message);

describe('log groups', () => {
  it('are described as AWS does, in the order of their names', async () => {
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group }));
    const arn = `arn:aws:logs:us-east-1:000000000000:log-group:${group}`;
    expect(logGroups?.[0]).toEqual({
      logGroupName: group,
      arn: `${arn}:*`,
      logGroupArn: arn,
      creationTime: now(),
      logGroupClass: 'STANDARD',
      metricFilterCount: 0,
      storedBytes: 0,
      deletionProtectionEnabled: false,
    });
  });

  it('are listed page by page', async () => {
    const prefix = `/pages/${groups}/`;
    for (const name of ['c', 'a', 'b']) await logs.send(new CreateLogGroupCommand({ logGroupName: prefix + name }));
    const first = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: prefix, limit: 2 }));
    const second = await logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: prefix, limit: 2, nextToken: first.nextToken }),
    );
    const names = [first, second].map((page) => page.logGroups?.map(({ logGroupName }) => logGroupName));
    expect(names).toEqual([[`${prefix}a`, `${prefix}b`], [`${prefix}c`]]);
    expect(second.nextToken).toBeUndefined();
  });

  it.each([
    ['InvalidParameterException', { logGroupName: 'x'.repeat(513) }, /both must have length less than or equal to 512/],
    [
      'InvalidParameterException',
      { logGroupName: 'a b' },
      /'logGroupName' failed to satisfy constraint: Member must satisfy regular expression/,
    ],
    ['InvalidParameterException', { logGroupName: '' }, /^1 validation error detected: Value '' at 'logGroupName'/],
  ])('refuses names that AWS refuses: %s', async (name, input, message) => {
    await expect(logs.send(new CreateLogGroupCommand(input))).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });

  it('refuses a second one of the same name', async () => {
    await expect(logs.send(new CreateLogGroupCommand({ logGroupName: group }))).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
      message: 'The specified log group already exists',
    });
  });

  it('refuses prefix and pattern together', async () => {
    const input = { logGroupNamePrefix: 'a', logGroupNamePattern: 'b' };
    await expect(logs.send(new DescribeLogGroupsCommand(input))).rejects.toMatchObject({
      message: 'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    });
  });

  it('keep tags, by name and by ARN', async () => {
    const resourceArn = `arn:aws:logs:us-east-1:000000000000:log-group:${group}`;
    await logs.send(new TagResourceCommand({ resourceArn, tags: { a: '1', b: '2' } }));
    await logs.send(new TagLogGroupCommand({ logGroupName: group, tags: { b: '3', c: '4' } }));
    await logs.send(new UntagLogGroupCommand({ logGroupName: group, tags: ['a'] }));
    const expected = { b: '3', c: '4' };
    expect((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual(expected);
    expect((await logs.send(new ListTagsLogGroupCommand({ logGroupName: group }))).tags).toEqual(expected);
  });

  it('take their streams and events with them', async () => {
    await put('a', ['one']);
    await logs.send(new DeleteLogGroupCommand({ logGroupName: group }));
    await expect(filter()).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
    await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
    expect((await logs.send(new DescribeLogStreamsCommand({ logGroupName: group }))).logStreams).toEqual([]);
    expect(messagesOf(await filter())).toEqual([]);
    await cloud.settle();
  });

  it('are not deleted while they are protected', async () => {
    const logGroupName = `${group}/protected`;
    await logs.send(new CreateLogGroupCommand({ logGroupName, deletionProtectionEnabled: true }));
    await expect(logs.send(new DeleteLogGroupCommand({ logGroupName }))).rejects.toMatchObject({
      name: 'InvalidOperationException',
    });
  });
});

describe('log streams', () => {
  it('show when their events happened and arrived', async () => {
    await put('a', ['one', 'two'], now() - 5000);
    const { logStreams } = await logs.send(
      new DescribeLogStreamsCommand({ logGroupIdentifier: `arn:aws:logs:us-east-1:000000000000:log-group:${group}:*` }),
    );
    expect(logStreams).toEqual([
      {
        arn: `arn:aws:logs:us-east-1:000000000000:log-group:${group}:log-stream:a`,
        logStreamName: 'a',
        creationTime: now(),
        firstEventTimestamp: now() - 5000,
        lastEventTimestamp: now() - 4999,
        lastIngestionTime: now(),
        storedBytes: 0,
        uploadSequenceToken: expect.stringMatching(/^\d{56}$/),
      },
      expect.objectContaining({ logStreamName: 'b' }),
    ]);
    expect(logStreams?.[1]).not.toHaveProperty('lastEventTimestamp');
  });

  it('are listed by their last event, the newest first, page by page', async () => {
    for (const name of ['c', 'd']) {
      await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: name }));
    }
    await put('b', ['x'], now() - 3000);
    await put('c', ['x'], now() - 1000);
    await put('a', ['x'], now() - 2000);
    const names: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page = await logs.send(
        new DescribeLogStreamsCommand({
          logGroupName: group,
          orderBy: 'LastEventTime',
          descending: true,
          limit: 1,
          nextToken,
        }),
      );
      names.push(...(page.logStreams ?? []).map(({ logStreamName }) => logStreamName));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(names).toEqual(['c', 'a', 'b', 'd']);
  });

  it('are found by the beginning of their name, also backwards', async () => {
    for (const name of ['x1', 'x2', 'y']) {
      await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: name }));
    }
    const { logStreams } = await logs.send(
      new DescribeLogStreamsCommand({ logGroupName: group, logStreamNamePrefix: 'x', descending: true }),
    );
    expect(logStreams?.map(({ logStreamName }) => logStreamName)).toEqual(['x2', 'x1']);
  });

  it('refuses a group that is named twice', async () => {
    const input = { logGroupName: group, logGroupIdentifier: group };
    await expect(logs.send(new DescribeLogStreamsCommand(input))).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'LogGroup name and LogGroup ARN are mutually exclusive parameters.',
    });
  });

  it('take their events with them, and leave the others', async () => {
    await put('a', ['gone']);
    await put('b', ['left']);
    await logs.send(new DeleteLogStreamCommand({ logGroupName: group, logStreamName: 'a' }));
    expect(messagesOf(await filter())).toEqual(['left']);
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group, limit: 1 }));
    expect(logGroups?.[0]?.storedBytes).toBe(30);
  });
});

describe('putting events', () => {
  it.each([
    [
      'a stream that is not there',
      'nope',
      [0],
      'ResourceNotFoundException',
      /^The specified log stream does not exist.$/,
    ],
    ['events out of order', 'a', [0, -1], 'InvalidParameterException', /must be in chronological order/],
    ['more than a day at once', 'a', [-86_400_001, 0], 'InvalidParameterException', /cannot span more than 24 hours/],
    ['no events', 'a', [], 'InvalidParameterException', /'logEvents' failed to satisfy constraint/],
  ])('refuses %s', async (_, logStreamName, offsets, name, message) => {
    const logEvents = offsets.map((offset) => ({ timestamp: now() + offset, message: 'x' }));
    await expect(
      logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName, logEvents })),
    ).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });

  it('refuses more than a megabyte, 26 bytes for each event included', async () => {
    const message = 'x'.repeat(1_048_576 - 26);
    await put('a', [message]);
    await expect(put('a', [`${message}x`])).rejects.toMatchObject({
      message: 'Upload too large: 1048577 bytes exceeds limit of 1048576',
    });
  });

  it('leaves out what is too new or too old, and says so', async () => {
    const old = await put('a', ['old'], now() - 15 * 86_400_000);
    expect(old.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    const young = await put('a', ['in time', 'too new'], now() + 2 * 3_600_000);
    expect(young.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
    expect(messagesOf(await filter())).toEqual(['in time']);
  });
});

describe('getting events', () => {
  const get = (input: object) =>
    logs.send(new GetLogEventsCommand({ logGroupName: group, logStreamName: 'a', ...input }));

  it('begins with the latest, and goes backwards and forwards by tokens', async () => {
    await put('a', ['1', '2', '3', '4', '5']);
    const last = await get({ limit: 2 });
    expect(messagesOf(last)).toEqual(['4', '5']);
    const before = await get({ limit: 2, nextToken: last.nextBackwardToken });
    expect(messagesOf(before)).toEqual(['2', '3']);
    const forward = await get({ limit: 9, nextToken: before.nextForwardToken });
    expect(messagesOf(forward)).toEqual(['4', '5']);
    const end = await get({ nextToken: forward.nextForwardToken });
    expect(messagesOf(end)).toEqual([]);
    expect(end.nextForwardToken).toBe(forward.nextForwardToken);
    await put('a', ['6'], now() + 10);
    expect(messagesOf(await get({ nextToken: end.nextForwardToken }))).toEqual(['6']);
  });

  it('follows an empty stream', async () => {
    const empty = await get({ startFromHead: true });
    expect(messagesOf(empty)).toEqual([]);
    await put('a', ['first']);
    expect(messagesOf(await get({ nextToken: empty.nextForwardToken }))).toEqual(['first']);
    expect(messagesOf(await get({ nextToken: empty.nextBackwardToken }))).toEqual([]);
  });

  it('takes the start into the range and leaves the end out', async () => {
    await put('a', ['1', '2', '3']);
    expect(messagesOf(await get({ startTime: now() + 1, endTime: now() + 2 }))).toEqual(['2']);
  });

  it('keeps the order of events of one millisecond', async () => {
    const at = now();
    const logEvents = ['z', 'a', 'm'].map((message) => ({ message, timestamp: at }));
    await logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName: 'a', logEvents }));
    await put('a', ['later'], at);
    expect(messagesOf(await get({ startFromHead: true }))).toEqual(['z', 'a', 'm', 'later']);
  });

  it.each([
    [{ nextToken: 'invalid' }, 'The specified nextToken is invalid.'],
    [
      { limit: 10_001 },
      "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
    ],
  ])('refuses %o', async (input, message) => {
    await expect(get(input)).rejects.toMatchObject({ name: 'InvalidParameterException', message });
  });
});

describe('filtering events', () => {
  it('looks through all streams in the order of time, page by page', async () => {
    await put('a', ['a0', 'a1'], now());
    await put('b', ['b0', 'b1'], now());
    const seen: unknown[] = [];
    let nextToken: string | undefined;
    do {
      const page = await filter({ limit: 3, nextToken });
      seen.push(messagesOf(page));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(seen).toEqual([['a0', 'b0', 'a1'], ['b1']]);
    const { events = [] } = await filter();
    const ids = events.map(({ eventId }) => eventId);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(events[0]).toEqual({
      eventId: expect.stringMatching(/^\d{56}$/),
      logStreamName: 'a',
      message: 'a0',
      timestamp: now(),
      ingestionTime: now(),
    });
  });

  it('goes against the order of time, page by page, when asked to', async () => {
    await put('a', ['1', '2', '3', '4', '5']);
    const startTime = now() + 1;
    const first = await filter({ startFromHead: false, startTime, limit: 2 });
    expect(messagesOf(first)).toEqual(['5', '4']);
    const second = await filter({ startTime, limit: 9, nextToken: first.nextToken });
    expect(messagesOf(second)).toEqual(['3', '2']);
    expect(second.nextToken).toBeUndefined();
    await expect(filter({ startFromHead: false })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('keeps to streams by name or prefix, and to a range of time', async () => {
    await put('a', ['a0', 'a1', 'a2']);
    await put('b', ['b0']);
    expect(messagesOf(await filter({ logStreamNames: ['a'] }))).toEqual(['a0', 'a1', 'a2']);
    expect(messagesOf(await filter({ logStreamNames: ['a', 'b'], endTime: now() }))).toEqual(['a0', 'b0']);
    expect(messagesOf(await filter({ logStreamNamePrefix: 'b' }))).toEqual(['b0']);
    expect(messagesOf(await filter({ startTime: now() + 1, endTime: now() + 2 }))).toEqual(['a1', 'a2']);
  });

  it('finds what a pattern asks for', async () => {
    await put('a', ['INFO fine', 'ERROR bad', '{"level":"ERROR","ms":120}']);
    expect(messagesOf(await filter({ filterPattern: 'ERROR -level' }))).toEqual(['ERROR bad']);
    expect(messagesOf(await filter({ filterPattern: '{ $.ms > 100 }' }))).toEqual(['{"level":"ERROR","ms":120}']);
  });

  it('answers an empty page with a token when it searched a lot in vain, and goes on', async () => {
    const at = now() - 3_600_000;
    for (let batch = 0; batch < 6; batch++) {
      const logEvents = Array.from({ length: 10_000 }, () => ({ message: 'x', timestamp: at + batch }));
      await logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName: 'a', logEvents }));
    }
    await put('a', ['needle']);
    const first = await filter({ filterPattern: 'needle' });
    expect(first.events).toEqual([]);
    expect(messagesOf(await filter({ filterPattern: 'needle', nextToken: first.nextToken }))).toEqual(['needle']);
  });

  it('refuses a token that is none', async () => {
    await expect(filter({ nextToken: 'invalid' })).rejects.toMatchObject({
      message: 'The specified nextToken is invalid.',
    });
  });
});

describe('retention', () => {
  it('hides events at the instant they expire, and deletes them', async () => {
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 3 }));
    await put('a', ['old', 'young'], now());
    await cloud.clock.advance('1 day');
    await put('b', ['younger']);
    await cloud.clock.advance('2 days');
    expect(messagesOf(await filter())).toEqual(['old', 'young', 'younger']);
    await cloud.clock.advance(1);
    expect(messagesOf(await filter())).toEqual(['young', 'younger']);
    await cloud.clock.advance('2 days');
    expect(messagesOf(await filter())).toEqual([]);
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group, limit: 1 }));
    expect(logGroups?.[0]).toMatchObject({ retentionInDays: 3, storedBytes: 0 });
  });

  it('goes on after a restart, and a deleted group is cleared away then', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'skein-logs-'));
    try {
      const first = await startCloud({ clock: 'virtual', now: START, folder });
      const before = first.client(CloudWatchLogsClient);
      for (const logGroupName of ['/kept', '/gone']) {
        await before.send(new CreateLogGroupCommand({ logGroupName }));
        await before.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
        await before.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }));
        const logEvents = [{ message: 'x', timestamp: START.getTime() }];
        await before.send(new PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents }));
      }
      await before.send(new DeleteLogGroupCommand({ logGroupName: '/gone' }));
      before.destroy();
      await first.stop();
      await using second = await startCloud({ clock: 'virtual', now: START, folder });
      const after = second.client(CloudWatchLogsClient);
      const storedBytes = async () => {
        const { logGroups } = await after.send(new DescribeLogGroupsCommand({}));
        return logGroups?.map((found) => [found.logGroupName, found.storedBytes]);
      };
      expect(await storedBytes()).toEqual([['/kept', 27]]);
      await second.clock.advance('25 hours');
      expect(await storedBytes()).toEqual([['/kept', 0]]);
      after.destroy();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes only the numbers of days that AWS takes', async () => {
    await expect(
      logs.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 2 })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('resource policies', () => {
  const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [] });

  it('are put, described and deleted', async () => {
    await logs.send(new PutResourcePolicyCommand({ policyName: 'b', policyDocument }));
    const { resourcePolicy } = await logs.send(new PutResourcePolicyCommand({ policyName: 'a', policyDocument }));
    expect(resourcePolicy).toEqual({
      policyName: 'a',
      policyDocument,
      lastUpdatedTime: now(),
      policyScope: 'ACCOUNT',
    });
    const first = await logs.send(new DescribeResourcePoliciesCommand({ limit: 1 }));
    const second = await logs.send(new DescribeResourcePoliciesCommand({ limit: 1, nextToken: first.nextToken }));
    expect([first, second].map(({ resourcePolicies }) => resourcePolicies?.[0]?.policyName)).toEqual(['a', 'b']);
    for (const policyName of ['a', 'b']) await logs.send(new DeleteResourcePolicyCommand({ policyName }));
    await expect(logs.send(new DeleteResourcePolicyCommand({ policyName: 'a' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Policy with name [a] does not exist.',
    });
  });

  it('are ten at most', async () => {
    const put = (policyName: string) => logs.send(new PutResourcePolicyCommand({ policyName, policyDocument }));
    for (let index = 0; index < 10; index++) await put(`p${index}`);
    await put('p0');
    await expect(put('another')).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Resource limit exceeded.',
    });
    for (let index = 0; index < 10; index++) {
      await logs.send(new DeleteResourcePolicyCommand({ policyName: `p${index}` }));
    }
  });
});

it('says of an operation that it lacks that it lacks it', async () => {
  await expect(
    logs.send(new StartQueryCommand({ logGroupName: group, startTime: 0, endTime: 1, queryString: 'fields @message' })),
  ).rejects.toMatchObject({ name: 'NotImplemented' });
});
