import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-iam';
import { IAMClient } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../cloud.ts';

const START = new Date('2026-03-01T12:00:00Z');
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const ALLOW = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['s3:Get*'], Resource: 'arn:aws:s3:::a%2Fb/*' }],
});
const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

let cloud: Cloud;
let iam: IAMClient;

beforeEach(async () => {
  cloud = await startCloud({ clock: 'virtual', now: START });
  iam = cloud.client(IAMClient);
});

afterEach(async () => {
  iam.destroy();
  await cloud[Symbol.asyncDispose]();
});

const createRole = (input: Partial<sdk.CreateRoleCommandInput> = {}) =>
  iam.send(new sdk.CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument: TRUST, ...input }));

const createPolicy = async (PolicyName = 'reader', PolicyDocument = ALLOW) =>
  (await iam.send(new sdk.CreatePolicyCommand({ PolicyName, PolicyDocument }))).Policy?.Arn ?? '';

describe('roles', () => {
  it('are answered as AWS answers them', async () => {
    const { Role } = await createRole({ Path: '/team/', Tags: [{ Key: 'a', Value: '1' }], Description: 'works' });
    const expected = {
      Arn: 'arn:aws:iam::000000000000:role/team/worker',
      AssumeRolePolicyDocument: encodeURIComponent(TRUST),
      CreateDate: START,
      Description: 'works',
      Path: '/team/',
      RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
      RoleName: 'worker',
      Tags: [{ Key: 'a', Value: '1' }],
    };
    expect(Role).toEqual(expected);
    const { Role: found } = await iam.send(new sdk.GetRoleCommand({ RoleName: 'WORKER' }));
    expect(found).toEqual({ ...expected, MaxSessionDuration: 3600, RoleLastUsed: {} });
    const { Roles, IsTruncated } = await iam.send(new sdk.ListRolesCommand({ PathPrefix: '/team' }));
    expect(IsTruncated).toBe(false);
    expect(Roles?.[0]).not.toHaveProperty('Tags');
    expect(Roles).toMatchObject([{ RoleName: 'worker', MaxSessionDuration: 3600 }]);
  });

  it('are listed page by page', async () => {
    for (const RoleName of ['c', 'a', 'b']) await createRole({ RoleName });
    const first = await iam.send(new sdk.ListRolesCommand({ MaxItems: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, Roles: [{ RoleName: 'a' }, { RoleName: 'b' }] });
    const second = await iam.send(new sdk.ListRolesCommand({ MaxItems: 2, Marker: first.Marker }));
    expect(second).toMatchObject({ IsTruncated: false, Roles: [{ RoleName: 'c' }] });
  });

  it('are changed in place', async () => {
    await createRole();
    await iam.send(new sdk.UpdateRoleCommand({ RoleName: 'worker', Description: 'new', MaxSessionDuration: 7200 }));
    const PolicyDocument = TRUST.replace('lambda', 'events');
    await iam.send(new sdk.UpdateAssumeRolePolicyCommand({ RoleName: 'worker', PolicyDocument }));
    const { Role } = await iam.send(new sdk.GetRoleCommand({ RoleName: 'worker' }));
    expect(Role).toMatchObject({
      Description: 'new',
      MaxSessionDuration: 7200,
      AssumeRolePolicyDocument: encodeURIComponent(PolicyDocument),
    });
  });

  it.each<[Partial<sdk.CreateRoleCommandInput>, string, RegExp]>([
    [{ AssumeRolePolicyDocument: '{' }, 'MalformedPolicyDocumentException', /^This policy contains invalid Json$/],
    [
      { AssumeRolePolicyDocument: ALLOW },
      'MalformedPolicyDocumentException',
      /^Missing required field Principal cannot be empty!$/,
    ],
    [
      { AssumeRolePolicyDocument: TRUST.replace('sts:AssumeRole', 's3:GetObject') },
      'MalformedPolicyDocumentException',
      /^AssumeRole policy may only specify STS AssumeRole actions.$/,
    ],
    [{ RoleName: 'a b' }, 'ValidationError', /^The specified value for roleName is invalid/],
    [{ RoleName: 'x'.repeat(65) }, 'ValidationError', /^1 validation error detected: Value at 'roleName' failed/],
    [{ Path: 'team' }, 'ValidationError', /^The specified value for path is invalid/],
    [{ MaxSessionDuration: 60 }, 'ValidationError', /'maxSessionDuration'/],
    [{ PermissionsBoundary: 'arn:aws:iam::000000000000:policy/nope' }, 'NoSuchEntityException', /was not found/],
  ])('are refused: %o', async (input, name, message) => {
    await expect(createRole(input)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });

  it('are refused when the name is taken, whatever its case', async () => {
    await createRole();
    await expect(createRole({ RoleName: 'Worker' })).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
      message: 'Role with name Worker already exists.',
    });
  });

  it('are not deleted while they have policies or profiles', async () => {
    const remove = () => iam.send(new sdk.DeleteRoleCommand({ RoleName: 'worker' }));
    await expect(remove()).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The role with name worker cannot be found.',
    });
    await createRole();
    await iam.send(new sdk.PutRolePolicyCommand({ RoleName: 'worker', PolicyName: 'p', PolicyDocument: ALLOW }));
    await iam.send(new sdk.AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn: BASIC }));
    await iam.send(new sdk.CreateInstanceProfileCommand({ InstanceProfileName: 'profile' }));
    await iam.send(new sdk.AddRoleToInstanceProfileCommand({ InstanceProfileName: 'profile', RoleName: 'worker' }));
    await expect(remove()).rejects.toMatchObject({ message: expect.stringContaining('from instance profile first') });
    await iam.send(
      new sdk.RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: 'profile', RoleName: 'worker' }),
    );
    await expect(remove()).rejects.toMatchObject({ message: 'Cannot delete entity, must detach all policies first.' });
    await iam.send(new sdk.DetachRolePolicyCommand({ RoleName: 'worker', PolicyArn: BASIC }));
    await expect(remove()).rejects.toMatchObject({ message: 'Cannot delete entity, must delete policies first.' });
    await iam.send(new sdk.DeleteRolePolicyCommand({ RoleName: 'worker', PolicyName: 'p' }));
    await remove();
    expect((await iam.send(new sdk.ListRolesCommand({}))).Roles).toEqual([]);
  });

  it('keep tags, whose keys have no case', async () => {
    await createRole({ Tags: [{ Key: 'Team', Value: 'red' }] });
    await iam.send(new sdk.TagRoleCommand({ RoleName: 'worker', Tags: [{ Key: 'team', Value: 'blue' }] }));
    await iam.send(new sdk.TagRoleCommand({ RoleName: 'worker', Tags: [{ Key: 'b', Value: '' }] }));
    const list = async () => (await iam.send(new sdk.ListRoleTagsCommand({ RoleName: 'worker' }))).Tags;
    expect(await list()).toEqual([
      { Key: 'b', Value: '' },
      { Key: 'Team', Value: 'blue' },
    ]);
    await iam.send(new sdk.UntagRoleCommand({ RoleName: 'worker', TagKeys: ['TEAM'] }));
    expect(await list()).toEqual([{ Key: 'b', Value: '' }]);
  });
});

describe('inline policies', () => {
  it('come back as they were put, percent-encoded', async () => {
    await createRole();
    await iam.send(new sdk.PutRolePolicyCommand({ RoleName: 'worker', PolicyName: 'p', PolicyDocument: ALLOW }));
    const found = await iam.send(new sdk.GetRolePolicyCommand({ RoleName: 'worker', PolicyName: 'p' }));
    expect(found).toMatchObject({ RoleName: 'worker', PolicyName: 'p' });
    expect(found.PolicyDocument).toMatch(/^[\w%.~-]+$/);
    expect(decodeURIComponent(found.PolicyDocument ?? '')).toBe(ALLOW);
    expect(await iam.send(new sdk.ListRolePoliciesCommand({ RoleName: 'worker' }))).toMatchObject({
      PolicyNames: ['p'],
    });
    await expect(iam.send(new sdk.GetRolePolicyCommand({ RoleName: 'worker', PolicyName: 'q' }))).rejects.toMatchObject(
      { message: 'The role policy with name q cannot be found.' },
    );
  });

  const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
  it.each<[string, object | string]>([
    ['Syntax errors in policy.', '{"Version":'],
    ['Syntax errors in policy.', { Version: '2012-10-17' }],
    ['Syntax errors in policy.', { Statement: [{ ...statement, Effect: 'Maybe' }] }],
    ['The policy must contain a valid version string', { Version: '2020-01-01', Statement: [statement] }],
    ['Policy statement must contain actions.', { Statement: { ...statement, Action: undefined } }],
    ['Policy statement must contain resources.', { Statement: [{ ...statement, Resource: [] }] }],
    ['Policy document should not specify a principal.', { Statement: [{ ...statement, Principal: '*' }] }],
    [
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
      { Statement: [{ ...statement, Action: 'GetObject' }] },
    ],
    ['Resource bucket must be in ARN format or "*".', { Statement: [{ ...statement, Resource: 'bucket' }] }],
    [
      'Statement IDs (SID) in a single policy must be unique.',
      {
        Statement: [
          { ...statement, Sid: 'a' },
          { ...statement, Sid: 'a' },
        ],
      },
    ],
  ])('are refused: %s', async (message, document) => {
    await iam.send(new sdk.CreateUserCommand({ UserName: 'ada' }));
    const PolicyDocument = typeof document === 'string' ? document : JSON.stringify(document);
    await expect(
      iam.send(new sdk.PutUserPolicyCommand({ UserName: 'ada', PolicyName: 'p', PolicyDocument })),
    ).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException', message });
  });

  it('are limited in size all together', async () => {
    await iam.send(new sdk.CreateUserCommand({ UserName: 'ada' }));
    const large = ALLOW.replace('a%2Fb', 'x'.repeat(1000));
    const put = (PolicyName: string) =>
      iam.send(new sdk.PutUserPolicyCommand({ UserName: 'ada', PolicyName, PolicyDocument: large }));
    await put('one');
    await put('one');
    await expect(put('two')).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Maximum policy size of 2048 bytes exceeded for user ada',
    });
  });
});

describe('managed policies', () => {
  it('have up to five versions, one of them the default', async () => {
    const PolicyArn = await createPolicy();
    const { Policy } = await iam.send(new sdk.GetPolicyCommand({ PolicyArn }));
    expect(Policy).toEqual({
      Arn: 'arn:aws:iam::000000000000:policy/reader',
      AttachmentCount: 0,
      CreateDate: START,
      DefaultVersionId: 'v1',
      IsAttachable: true,
      Path: '/',
      PermissionsBoundaryUsageCount: 0,
      PolicyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/),
      PolicyName: 'reader',
      UpdateDate: START,
      Tags: [],
    });
    const add = (SetAsDefault = false) =>
      iam.send(
        new sdk.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: ALLOW.replace('Get', 'Put'), SetAsDefault }),
      );
    expect((await add(true)).PolicyVersion).toMatchObject({ VersionId: 'v2', IsDefaultVersion: true });
    for (let version = 3; version <= 5; version++) await add();
    await expect(add()).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: expect.stringContaining('up to 5 versions'),
    });
    const remove = (VersionId: string) => iam.send(new sdk.DeletePolicyVersionCommand({ PolicyArn, VersionId }));
    await expect(remove('v2')).rejects.toMatchObject({ message: 'Cannot delete the default version of a policy.' });
    await remove('v3');
    expect((await add()).PolicyVersion?.VersionId).toBe('v6');
    await iam.send(new sdk.SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    const { Versions } = await iam.send(new sdk.ListPolicyVersionsCommand({ PolicyArn }));
    expect(Versions?.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion])).toEqual([
      ['v6', false],
      ['v5', false],
      ['v4', false],
      ['v2', false],
      ['v1', true],
    ]);
    const { PolicyVersion } = await iam.send(new sdk.GetPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toContain('s3:Put*');
  });

  it('are attached to roles, users and groups, and not deleted while they are', async () => {
    const PolicyArn = await createPolicy();
    await createRole();
    await iam.send(new sdk.CreateUserCommand({ UserName: 'ada' }));
    await iam.send(new sdk.CreateGroupCommand({ GroupName: 'team' }));
    await iam.send(new sdk.AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn }));
    await iam.send(new sdk.AttachUserPolicyCommand({ UserName: 'ada', PolicyArn }));
    await iam.send(new sdk.AttachGroupPolicyCommand({ GroupName: 'team', PolicyArn }));
    expect(await iam.send(new sdk.ListEntitiesForPolicyCommand({ PolicyArn }))).toMatchObject({
      PolicyRoles: [{ RoleName: 'worker' }],
      PolicyUsers: [{ UserName: 'ada' }],
      PolicyGroups: [{ GroupName: 'team' }],
    });
    const { AttachedPolicies } = await iam.send(new sdk.ListAttachedRolePoliciesCommand({ RoleName: 'worker' }));
    expect(AttachedPolicies).toEqual([{ PolicyName: 'reader', PolicyArn }]);
    await expect(iam.send(new sdk.DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete a policy attached to entities.',
    });
    await iam.send(new sdk.DetachRolePolicyCommand({ RoleName: 'worker', PolicyArn }));
    await iam.send(new sdk.DetachUserPolicyCommand({ UserName: 'ada', PolicyArn }));
    await iam.send(new sdk.DetachGroupPolicyCommand({ GroupName: 'team', PolicyArn }));
    await iam.send(new sdk.DeletePolicyCommand({ PolicyArn }));
    await expect(iam.send(new sdk.DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: `Policy ${PolicyArn} was not found.`,
    });
  });

  it.each([
    ['longpolicynamebutnoarn', 'ValidationError', 'Invalid ARN:  Could not be parsed!'],
    [
      'arn:aws:iam::000000000000:policy/nope',
      'NoSuchEntityException',
      'Policy arn:aws:iam::000000000000:policy/nope does not exist or is not attachable.',
    ],
  ])('are not attached as %s', async (PolicyArn, name, message) => {
    await createRole();
    await expect(iam.send(new sdk.AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn }))).rejects.toMatchObject({
      name,
      message,
    });
  });

  it('of AWS are there, and those that are known by name only say so', async () => {
    await createRole();
    const unknown = 'arn:aws:iam::aws:policy/AWSConfigRulesExecutionRole';
    for (const PolicyArn of [BASIC, unknown]) {
      await iam.send(new sdk.AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn }));
    }
    const { PolicyVersion } = await iam.send(new sdk.GetPolicyVersionCommand({ PolicyArn: BASIC, VersionId: 'v1' }));
    expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ''))).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: '*',
        },
      ],
    });
    const { Policy } = await iam.send(new sdk.GetPolicyCommand({ PolicyArn: unknown }));
    expect(Policy).toMatchObject({ AttachmentCount: 1, Description: expect.stringContaining('by its name only') });
    const attached = await iam.send(new sdk.ListPoliciesCommand({ Scope: 'AWS', OnlyAttached: true }));
    expect(attached.Policies?.map(({ Arn }) => Arn)).toEqual([BASIC]);
  });
});

describe('users and groups', () => {
  it('belong together until they are parted', async () => {
    await iam.send(new sdk.CreateUserCommand({ UserName: 'ada' }));
    await iam.send(new sdk.CreateGroupCommand({ GroupName: 'team', Path: '/x/' }));
    await iam.send(new sdk.AddUserToGroupCommand({ GroupName: 'team', UserName: 'ada' }));
    expect(await iam.send(new sdk.GetGroupCommand({ GroupName: 'team' }))).toMatchObject({
      Group: { Arn: 'arn:aws:iam::000000000000:group/x/team' },
      Users: [{ UserName: 'ada' }],
    });
    expect(await iam.send(new sdk.ListGroupsForUserCommand({ UserName: 'ada' }))).toMatchObject({
      Groups: [{ GroupName: 'team' }],
    });
    const inGroup = {
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must remove users from group first.',
    };
    await expect(iam.send(new sdk.DeleteUserCommand({ UserName: 'ada' }))).rejects.toMatchObject(inGroup);
    await expect(iam.send(new sdk.DeleteGroupCommand({ GroupName: 'team' }))).rejects.toMatchObject(inGroup);
    await iam.send(new sdk.RemoveUserFromGroupCommand({ GroupName: 'team', UserName: 'ada' }));
    await iam.send(new sdk.DeleteUserCommand({ UserName: 'ada' }));
    await iam.send(new sdk.DeleteGroupCommand({ GroupName: 'team' }));
  });

  it('are renamed with what they have', async () => {
    await iam.send(new sdk.CreateUserCommand({ UserName: 'ada' }));
    await iam.send(new sdk.PutUserPolicyCommand({ UserName: 'ada', PolicyName: 'p', PolicyDocument: ALLOW }));
    await iam.send(new sdk.UpdateUserCommand({ UserName: 'ada', NewUserName: 'grace', NewPath: '/x/' }));
    const { User } = await iam.send(new sdk.GetUserCommand({ UserName: 'grace' }));
    expect(User?.Arn).toBe('arn:aws:iam::000000000000:user/x/grace');
    expect((await iam.send(new sdk.ListUserPoliciesCommand({ UserName: 'grace' }))).PolicyNames).toEqual(['p']);
  });
});

describe('access keys', () => {
  const callerOf = ({ AccessKeyId = '', SecretAccessKey = '' }: Partial<sdk.AccessKey> = {}) =>
    new STSClient({
      ...cloud.clientConfiguration,
      credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey },
    }).send(new GetCallerIdentityCommand({}));

  it('stand for their user until they are switched off or deleted', async () => {
    await iam.send(new sdk.CreateUserCommand({ UserName: 'ada' }));
    const { AccessKey } = await iam.send(new sdk.CreateAccessKeyCommand({ UserName: 'ada' }));
    expect(AccessKey).toMatchObject({
      AccessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^[\w+/]{40}$/),
      Status: 'Active',
    });
    expect(await callerOf(AccessKey)).toMatchObject({ Arn: 'arn:aws:iam::000000000000:user/ada' });
    const key = { UserName: 'ada', AccessKeyId: AccessKey?.AccessKeyId };
    await iam.send(new sdk.UpdateAccessKeyCommand({ ...key, Status: 'Inactive' }));
    await expect(callerOf(AccessKey)).rejects.toThrow();
    await iam.send(new sdk.UpdateAccessKeyCommand({ ...key, Status: 'Active' }));
    await callerOf(AccessKey);
    await iam.send(new sdk.DeleteAccessKeyCommand(key));
    await expect(callerOf(AccessKey)).rejects.toThrow();
    expect((await iam.send(new sdk.ListAccessKeysCommand({ UserName: 'ada' }))).AccessKeyMetadata).toEqual([]);
  });

  it('survive a restart, the deleted ones as refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'skein-iam-'));
    try {
      await using first = await startCloud({ folder });
      const before = first.client(IAMClient);
      await before.send(new sdk.CreateUserCommand({ UserName: 'ada' }));
      const kept = await before.send(new sdk.CreateAccessKeyCommand({ UserName: 'ada' }));
      const gone = await before.send(new sdk.CreateAccessKeyCommand({ UserName: 'ada' }));
      await before.send(new sdk.DeleteAccessKeyCommand({ UserName: 'ada', AccessKeyId: gone.AccessKey?.AccessKeyId }));
      await first.stop();
      await cloud.stop();
      cloud = await startCloud({ folder });
      expect(await callerOf(kept.AccessKey)).toMatchObject({ Arn: 'arn:aws:iam::000000000000:user/ada' });
      await expect(callerOf(gone.AccessKey)).rejects.toThrow();
      await cloud.stop();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are two at most, and let their user see itself', async () => {
    await iam.send(new sdk.CreateUserCommand({ UserName: 'ada' }));
    const create = () => iam.send(new sdk.CreateAccessKeyCommand({ UserName: 'ada' }));
    const { AccessKey } = await create();
    await create();
    await expect(create()).rejects.toMatchObject({ message: 'Cannot exceed quota for AccessKeysPerUser: 2' });
    const ada = new IAMClient({
      ...cloud.clientConfiguration,
      credentials: { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' },
    });
    expect((await ada.send(new sdk.GetUserCommand({}))).User?.UserName).toBe('ada');
    await expect(iam.send(new sdk.DeleteUserCommand({ UserName: 'ada' }))).rejects.toMatchObject({
      message: 'Cannot delete entity, must delete access keys first.',
    });
  });
});

describe('service-linked roles', () => {
  it('are made by name, with the policy of AWS, and only AWS changes them', async () => {
    const create = (input: Partial<sdk.CreateServiceLinkedRoleCommandInput>) =>
      iam.send(new sdk.CreateServiceLinkedRoleCommand({ AWSServiceName: 'autoscaling.amazonaws.com', ...input }));
    const { Role } = await create({});
    expect(Role).toMatchObject({
      Arn: 'arn:aws:iam::000000000000:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
      Path: '/aws-service-role/autoscaling.amazonaws.com/',
    });
    const RoleName = Role?.RoleName ?? '';
    expect((await iam.send(new sdk.ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies).toEqual([
      {
        PolicyName: 'AutoScalingServiceRolePolicy',
        PolicyArn: 'arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy',
      },
    ]);
    await expect(create({})).rejects.toMatchObject({
      name: 'InvalidInputException',
      message:
        'Service role name AWSServiceRoleForAutoScaling has been taken in this account, please try a different suffix.',
    });
    expect((await create({ CustomSuffix: 'mine' })).Role?.RoleName).toBe('AWSServiceRoleForAutoScaling_mine');
    await expect(create({ AWSServiceName: 'batch.amazonaws.com', CustomSuffix: 'x' })).rejects.toMatchObject({
      message: 'Custom suffix is not allowed for batch.amazonaws.com',
    });
    await expect(iam.send(new sdk.DeleteRoleCommand({ RoleName }))).rejects.toMatchObject({
      name: 'UnmodifiableEntityException',
    });
    const { DeletionTaskId } = await iam.send(new sdk.DeleteServiceLinkedRoleCommand({ RoleName }));
    expect(await iam.send(new sdk.GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId }))).toMatchObject({
      Status: 'SUCCEEDED',
    });
  });
});

it('is about ARNs with the path of what is there', async () => {
  await createRole({ Path: '/team/' });
  await iam.send(new sdk.GetRoleCommand({ RoleName: 'worker' }));
  await iam.send(new sdk.ListRolesCommand({}));
  expect(cloud.trace.all().map(({ operation, resource }) => [operation, resource])).toEqual([
    ['CreateRole', 'arn:aws:iam::000000000000:role/team/worker'],
    ['GetRole', 'arn:aws:iam::000000000000:role/team/worker'],
    ['ListRoles', 'arn:aws:iam::000000000000:role/'],
  ]);
});
