import * as sdk from '@aws-sdk/client-iam';
import { IAMClient } from '@aws-sdk/client-iam';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../cloud.ts';
import { deployTemplate } from '../../deploy/test/deployTemplate.ts';

let cloud: Cloud;
let iam: IAMClient;

beforeEach(async () => {
  cloud = await startCloud({ clock: 'virtual' });
  iam = cloud.client(IAMClient);
});

afterEach(async () => {
  iam.destroy();
  await cloud[Symbol.asyncDispose]();
});

const deploy = (Resources: object, Outputs: object = {}) => deployTemplate(cloud, { Resources, Outputs });

const trust = (service = 'lambda.amazonaws.com') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});
const allow = (Action = 's3:GetObject') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});
const output = (Value: unknown) => ({ Value });
const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
const VPC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole';

const role = (properties: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: trust(), ...properties },
});

const attachedTo = async (RoleName: string) =>
  (await iam.send(new sdk.ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies?.map(
    ({ PolicyArn }) => PolicyArn,
  );
const inlineOf = async (RoleName: string) =>
  (await iam.send(new sdk.ListRolePoliciesCommand({ RoleName }))).PolicyNames;

describe('AWS::IAM::Role', () => {
  it('is made, changed in place and deleted with its policies', async () => {
    const outputs = {
      Arn: output({ 'Fn::GetAtt': ['Worker', 'Arn'] }),
      Name: output({ Ref: 'Worker' }),
      Id: output({ 'Fn::GetAtt': ['Worker', 'RoleId'] }),
    };
    const first = await deploy(
      {
        Worker: role({
          Path: '/team/',
          MaxSessionDuration: '7200',
          ManagedPolicyArns: [BASIC],
          Policies: [{ PolicyName: 'a', PolicyDocument: allow() }],
          Tags: [
            { Key: 'team', Value: 'red' },
            { Key: 'old', Value: '1' },
          ],
        }),
      },
      outputs,
    );
    const { Name: name = '', Arn: arn, Id: id } = first.outputs;
    expect(name).toMatch(/^shop-Worker-\w{12}$/);
    expect(arn).toBe(`arn:aws:iam::000000000000:role/team/${name}`);
    expect(id).toMatch(/^AROA/);
    expect(await attachedTo(name)).toEqual([BASIC]);
    expect(await inlineOf(name)).toEqual(['a']);

    const second = await deploy(
      {
        Worker: role({
          Path: '/team/',
          AssumeRolePolicyDocument: trust('events.amazonaws.com'),
          Description: 'works',
          ManagedPolicyArns: [VPC],
          Policies: [{ PolicyName: 'b', PolicyDocument: allow() }],
          Tags: [{ Key: 'team', Value: 'blue' }],
        }),
      },
      outputs,
    );
    expect(second.outputs['Name']).toBe(name);
    expect(await attachedTo(name)).toEqual([VPC]);
    expect(await inlineOf(name)).toEqual(['b']);
    const { Role } = await iam.send(new sdk.GetRoleCommand({ RoleName: name }));
    expect(Role).toMatchObject({
      Description: 'works',
      MaxSessionDuration: 3600,
      Tags: [{ Key: 'team', Value: 'blue' }],
    });
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toContain('events.amazonaws.com');

    await second.delete();
    expect((await iam.send(new sdk.ListRolesCommand({}))).Roles).toEqual([]);
  });

  it('is replaced when its name changes', async () => {
    await deploy({ Worker: role({ RoleName: 'one' }) });
    await deploy({ Worker: role({ RoleName: 'two' }) });
    const { Roles } = await iam.send(new sdk.ListRolesCommand({}));
    expect(Roles?.map(({ RoleName }) => RoleName)).toEqual(['two']);
  });

  it('of a malformed document fails the deploy, and nothing is left', async () => {
    await expect(deploy({ Good: role(), Bad: role({ AssumeRolePolicyDocument: {} }) })).rejects.toThrow(
      /Syntax errors|Principal/,
    );
    expect((await iam.send(new sdk.ListRolesCommand({}))).Roles).toEqual([]);
  });
});

describe('policies', () => {
  it('of AWS::IAM::Policy go into roles, users and groups, and out of them', async () => {
    const holders = {
      A: role({ RoleName: 'a' }),
      B: role({ RoleName: 'b' }),
      Ada: { Type: 'AWS::IAM::User', Properties: { UserName: 'ada' } },
      Team: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'team' } },
    };
    const policy = (properties: object) => ({
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyName: 'shared', PolicyDocument: allow(), ...properties },
    });
    const all = { Roles: [{ Ref: 'A' }, { Ref: 'B' }], Users: [{ Ref: 'Ada' }], Groups: [{ Ref: 'Team' }] };
    await deploy({ ...holders, Shared: policy(all) });
    expect(await inlineOf('a')).toEqual(['shared']);
    expect((await iam.send(new sdk.ListUserPoliciesCommand({ UserName: 'ada' }))).PolicyNames).toEqual(['shared']);
    expect((await iam.send(new sdk.ListGroupPoliciesCommand({ GroupName: 'team' }))).PolicyNames).toEqual(['shared']);
    await deploy({ ...holders, Shared: policy({ Roles: [{ Ref: 'B' }], PolicyName: 'renamed' }) });
    expect(await inlineOf('a')).toEqual([]);
    expect(await inlineOf('b')).toEqual(['renamed']);
    await deploy(holders);
    expect(await inlineOf('b')).toEqual([]);
  });

  it('of AWS::IAM::ManagedPolicy are versioned when they change', async () => {
    const template = (PolicyDocument: object, Roles: unknown[]) => ({
      Worker: role({ RoleName: 'worker' }),
      Reader: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument, Roles, Description: 'reads' } },
    });
    const outputs = { Arn: output({ Ref: 'Reader' }) };
    const { outputs: first } = await deploy(template(allow(), [{ Ref: 'Worker' }]), outputs);
    const PolicyArn = first['Arn'] ?? '';
    expect(PolicyArn).toMatch(/^arn:aws:iam::000000000000:policy\/shop-Reader-/);
    expect(await attachedTo('worker')).toEqual([PolicyArn]);
    let app = await deploy(template(allow('s3:PutObject'), []), outputs);
    expect(await attachedTo('worker')).toEqual([]);
    for (const action of ['a:B', 'a:C', 'a:D', 'a:E']) app = await deploy(template(allow(action), []), outputs);
    const { Versions } = await iam.send(new sdk.ListPolicyVersionsCommand({ PolicyArn }));
    expect(Versions?.map(({ VersionId }) => VersionId)).toEqual(['v6', 'v5', 'v4', 'v3', 'v2']);
    expect(Versions?.[0]?.IsDefaultVersion).toBe(true);
    await app.delete();
    expect((await iam.send(new sdk.ListPoliciesCommand({ Scope: 'Local' }))).Policies).toEqual([]);
  });

  it('of AWS::IAM::RolePolicy stand alone', async () => {
    const resources = {
      Worker: role({ RoleName: 'worker' }),
      Reads: {
        Type: 'AWS::IAM::RolePolicy',
        Properties: { RoleName: { Ref: 'Worker' }, PolicyName: 'reads', PolicyDocument: allow() },
      },
    };
    const app = await deploy(resources);
    expect(await inlineOf('worker')).toEqual(['reads']);
    await app.delete();
  });
});

describe('users, groups, keys, profiles', () => {
  it('stand, change and go together', async () => {
    const template = (groups: string[]) => ({
      Red: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'red', ManagedPolicyArns: [BASIC] } },
      Blue: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'blue' } },
      Ada: {
        Type: 'AWS::IAM::User',
        Properties: { UserName: 'ada', Groups: groups.map((Ref) => ({ Ref })), LoginProfile: { Password: 'x' } },
      },
      Grace: { Type: 'AWS::IAM::User' },
      Addition: {
        Type: 'AWS::IAM::UserToGroupAddition',
        Properties: { GroupName: { Ref: 'Blue' }, Users: [{ Ref: 'Grace' }] },
      },
      Key: { Type: 'AWS::IAM::AccessKey', Properties: { UserName: { Ref: 'Ada' } } },
      Worker: role(),
      Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [{ Ref: 'Worker' }] } },
    });
    const outputs = {
      Key: output({ Ref: 'Key' }),
      Secret: output({ 'Fn::GetAtt': ['Key', 'SecretAccessKey'] }),
      Profile: output({ 'Fn::GetAtt': ['Profile', 'Arn'] }),
    };
    const first = await deploy(template(['Red']), outputs);
    expect(first.outputs['Key']).toMatch(/^AKIA/);
    expect(first.outputs['Secret']).toHaveLength(40);
    expect(first.outputs['Profile']).toMatch(/^arn:aws:iam::000000000000:instance-profile\/shop-Profile-/);
    const groupsOf = async (UserName: string) =>
      (await iam.send(new sdk.ListGroupsForUserCommand({ UserName }))).Groups?.map(({ GroupName }) => GroupName);
    expect(await groupsOf('ada')).toEqual(['red']);
    const second = await deploy(template(['Blue']), outputs);
    expect(await groupsOf('ada')).toEqual(['blue']);
    expect(second.outputs['Key']).toBe(first.outputs['Key']);
    expect((await iam.send(new sdk.GetGroupCommand({ GroupName: 'blue' }))).Users).toHaveLength(2);
    await second.delete();
    expect((await iam.send(new sdk.ListUsersCommand({}))).Users).toEqual([]);
    expect((await iam.send(new sdk.ListGroupsCommand({}))).Groups).toEqual([]);
    expect((await iam.send(new sdk.ListInstanceProfilesCommand({}))).InstanceProfiles).toEqual([]);
  });

  it('include the roles of services', async () => {
    const app = await deploy({
      Linked: { Type: 'AWS::IAM::ServiceLinkedRole', Properties: { AWSServiceName: 'ecs.amazonaws.com' } },
    });
    expect(app.resource('Linked')).toBe('AWSServiceRoleForECS');
    await app.delete();
    expect((await iam.send(new sdk.ListRolesCommand({}))).Roles).toEqual([]);
  });
});
