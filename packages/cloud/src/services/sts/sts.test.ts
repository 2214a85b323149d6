import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateAccessKeyCommand, CreateRoleCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  type Credentials,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cloud, type CloudOptions, startCloud } from '../../cloud.ts';

const START = new Date('2026-03-01T12:00:00Z');
const ROLE = 'arn:aws:iam::000000000000:role/team/worker';

let cloud: Cloud;
let sts: STSClient;
let folder: string;

const start = async (options: CloudOptions = {}) => {
  cloud = await startCloud({ clock: 'virtual', now: START, ...options });
  sts = cloud.client(STSClient);
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-sts-'));
  await start();
  await createRole();
});

afterEach(async () => {
  sts.destroy();
  await cloud[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const createRole = () =>
  cloud.client(IAMClient).send(
    new CreateRoleCommand({
      RoleName: 'worker',
      Path: '/team/',
      MaxSessionDuration: 7200,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '000000000000' } }],
      }),
    }),
  );

const assume = (input: Partial<AssumeRoleCommandInput> = {}, client = sts) =>
  client.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'session', ...input }));

const as = ({ AccessKeyId = '', SecretAccessKey = '', SessionToken = '' }: Partial<Credentials> = {}) =>
  new STSClient({
    ...cloud.clientConfiguration,
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  });

const identity = async (client: STSClient) => {
  const { UserId, Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
  return { UserId, Account, Arn };
};

describe('who calls', () => {
  it("is the account's owner by default, and of another account by its number", async () => {
    expect(await identity(sts)).toEqual({
      UserId: '000000000000',
      Account: '000000000000',
      Arn: 'arn:aws:iam::000000000000:root',
    });
    const other = as({ AccessKeyId: '123456789012', SecretAccessKey: 'x' });
    expect(await identity(other)).toMatchObject({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:root' });
  });

  it('is a user by its access key', async () => {
    const iam = cloud.client(IAMClient);
    const { User } = await iam.send(new CreateUserCommand({ UserName: 'ada', Path: '/team/' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ada' }));
    const ada = new STSClient({
      ...cloud.clientConfiguration,
      credentials: { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' },
    });
    expect(await identity(ada)).toEqual({
      UserId: User?.UserId,
      Account: '000000000000',
      Arn: 'arn:aws:iam::000000000000:user/team/ada',
    });
    expect(await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId: AccessKey?.AccessKeyId }))).toMatchObject({
      Account: '000000000000',
    });
  });
});

describe('assuming a role', () => {
  it('gives credentials that stand for the session at once', async () => {
    const { AssumedRoleUser, Credentials, PackedPolicySize } = await assume();
    expect(AssumedRoleUser).toEqual({
      Arn: 'arn:aws:sts::000000000000:assumed-role/worker/session',
      AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:session$/),
    });
    expect(Credentials).toMatchObject({
      AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      Expiration: new Date(START.getTime() + 3_600_000),
    });
    expect(PackedPolicySize).toBeUndefined();
    expect(await identity(as(Credentials))).toEqual({
      UserId: AssumedRoleUser?.AssumedRoleId,
      Account: '000000000000',
      Arn: AssumedRoleUser?.Arn,
    });
  });

  it('ends by the clock of the cloud, for good', async () => {
    const { Credentials } = await assume({ DurationSeconds: 900 });
    const session = as(Credentials);
    await cloud.clock.advance('899 s');
    await identity(session);
    await cloud.clock.advance('1 s');
    const expired = { name: 'ExpiredToken', message: 'The security token included in the request is expired' };
    await expect(identity(session)).rejects.toMatchObject(expired);
    await cloud.clock.advance('60 days');
    await expect(identity(session)).rejects.toMatchObject(expired);
  });

  it('survives a restart', async () => {
    await cloud.stop();
    await start({ folder });
    await createRole();
    const { Credentials, AssumedRoleUser } = await assume();
    await cloud.stop();
    await start({ folder });
    expect(await identity(as(Credentials))).toMatchObject({ Arn: AssumedRoleUser?.Arn });
  });

  it('says of a role that is not there only that it may not be assumed', async () => {
    await expect(assume({ RoleArn: 'arn:aws:iam::000000000000:role/nope' })).rejects.toMatchObject({
      name: 'AccessDenied',
      message:
        'User: arn:aws:iam::000000000000:root is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::000000000000:role/nope',
    });
    await expect(assume({ RoleArn: 'arn:aws:iam::000000000000:role/worker' })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it.each<[Partial<AssumeRoleCommandInput>, string, string]>([
    [{ RoleArn: 'nothing-valid-in-here' }, 'ValidationError', 'nothing-valid-in-here is invalid'],
    [{ RoleArn: 'arn::b:::something/test-role' }, 'ValidationError', 'arn::b:::something/test-role is invalid'],
    [{ RoleArn: 'arn:a::::something/test-role' }, 'ValidationError', 'arn:a::::something/test-role is invalid'],
    [{ RoleArn: 'arn:a:::something/test-role' }, 'ValidationError', 'arn:a:::something/test-role is invalid'],
    [{ RoleArn: 'arn:a:a::aaaaaaaaaa:' }, 'ValidationError', 'arn:a:a::aaaaaaaaaa: is invalid'],
    [
      { RoleSessionName: 'Session1:2' },
      'ValidationError',
      "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    ],
    [
      { DurationSeconds: 60 },
      'ValidationError',
      "1 validation error detected: Value '60' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    ],
    [
      { DurationSeconds: 7201 },
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ],
    [
      { Tags: [{ Key: 'a', Value: '1' }], TransitiveTagKeys: ['b'] },
      'InvalidParameterValue',
      'The specified transitive tag key must be included in the requested tags.',
    ],
    [
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'A', Value: '2' },
        ],
      },
      'InvalidParameterValue',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    ],
  ])('refuses %o', async (input, name, message) => {
    await expect(assume(input)).rejects.toMatchObject({ name, message });
  });

  it('from a session keeps to an hour and to the tags that go on', async () => {
    const { Credentials } = await assume({ Tags: [{ Key: 'team', Value: 'red' }], TransitiveTagKeys: ['team'] });
    const session = as(Credentials);
    await expect(assume({ Tags: [{ Key: 'Team', Value: 'blue' }] }, session)).rejects.toMatchObject({
      message: expect.stringContaining('conflicts with a transitive tag key from the calling session'),
    });
    await expect(assume({ DurationSeconds: 7200 }, session)).rejects.toMatchObject({
      message: expect.stringContaining('1 hour session limit for roles assumed by role chaining'),
    });
    const next = await assume({ RoleSessionName: 'next' }, session);
    expect(await identity(as(next.Credentials))).toMatchObject({
      Arn: 'arn:aws:sts::000000000000:assumed-role/worker/next',
    });
  });

  it('says how much room session policies take', async () => {
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    expect((await assume({ Policy })).PackedPolicySize).toBe(2);
  });
});

it('lends session credentials to the one who calls', async () => {
  const { Credentials } = await sts.send(new GetSessionTokenCommand({}));
  expect(Credentials?.Expiration).toEqual(new Date(START.getTime() + 3_600_000));
  expect(await identity(as(Credentials))).toMatchObject({ Arn: 'arn:aws:iam::000000000000:root' });
  const session = as((await assume()).Credentials);
  await expect(session.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' });
});

it('refuses web identities by name', async () => {
  const input = { RoleArn: ROLE, RoleSessionName: 'session', WebIdentityToken: 'token' };
  await expect(sts.send(new AssumeRoleWithWebIdentityCommand(input))).rejects.toMatchObject({ name: 'NotImplemented' });
});
