import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  type DescribeParametersCommandInput,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  type GetParametersByPathCommandInput,
  GetParametersCommand,
  LabelParameterVersionCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  RemoveTagsFromResourceCommand,
  SSMClient,
  UnlabelParameterVersionCommand,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../cloud.ts';

const START = new Date('2026-03-01T12:00:00Z');

let cloud: Cloud;
let ssm: SSMClient;

beforeEach(async () => {
  cloud = await startCloud({ clock: 'virtual', now: START });
  ssm = cloud.client(SSMClient);
});

afterEach(async () => {
  ssm.destroy();
  await cloud[Symbol.asyncDispose]();
});

const put = (input: Partial<PutParameterCommandInput>) =>
  ssm.send(new PutParameterCommand({ Name: '/app/name', Value: 'value', Type: 'String', ...input }));

const get = async (Name: string, WithDecryption = false) =>
  (await ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter;

describe('putting and getting', () => {
  it('answers what AWS answers', async () => {
    expect(await put({})).toMatchObject({ Version: 1, Tier: 'Standard' });
    expect(await get('/app/name')).toEqual({
      ARN: 'arn:aws:ssm:us-east-1:000000000000:parameter/app/name',
      DataType: 'text',
      LastModifiedDate: START,
      Name: '/app/name',
      Type: 'String',
      Value: 'value',
      Version: 1,
    });
  });

  it('finds a parameter by its ARN', async () => {
    await put({ Name: 'plain' });
    await put({});
    expect(await get('arn:aws:ssm:us-east-1:000000000000:parameter/plain')).toMatchObject({ Name: 'plain' });
    expect(await get('arn:aws:ssm:us-east-1:000000000000:parameter/app/name')).toMatchObject({ Name: '/app/name' });
  });

  it('overwrites only when asked to, keeping what is not given', async () => {
    await put({ Description: 'first' });
    await expect(put({ Value: 'other' })).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    expect(await put({ Value: 'other', Type: undefined, Overwrite: true })).toMatchObject({ Version: 2 });
    const { Parameters } = await ssm.send(new DescribeParametersCommand({}));
    expect(Parameters).toEqual([expect.objectContaining({ Version: 2, Description: 'first', Type: 'String' })]);
  });

  it('shows a SecureString only to who asks for it', async () => {
    await put({ Type: 'SecureString', Value: 'secret' });
    const masked = await get('/app/name');
    expect(masked?.Value).not.toContain('secret');
    expect(await get('/app/name', true)).toMatchObject({ Type: 'SecureString', Value: 'secret' });
    const { Parameters } = await ssm.send(new DescribeParametersCommand({}));
    expect(Parameters?.[0]?.KeyId).toBe('alias/aws/ssm');
  });

  it('selects a version by number or label', async () => {
    await put({ Value: 'one' });
    await put({ Value: 'two', Overwrite: true });
    await ssm.send(new LabelParameterVersionCommand({ Name: '/app/name', ParameterVersion: 1, Labels: ['live'] }));
    expect(await get('/app/name:1')).toMatchObject({ Value: 'one', Selector: ':1', Name: '/app/name' });
    expect(await get('/app/name:live')).toMatchObject({ Value: 'one', Selector: ':live' });
    await expect(get('/app/name:3')).rejects.toMatchObject({
      name: 'ParameterVersionNotFound',
      message: 'Systems Manager could not find version 3 of /app/name. Verify the version and try again.',
    });
    await expect(get('/app/name:old')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
  });

  it('gets several, and says which are not there', async () => {
    await put({ Name: 'a' });
    await put({ Name: 'b' });
    const { Parameters, InvalidParameters } = await ssm.send(
      new GetParametersCommand({ Names: ['b', 'nope', 'a', 'a:9'] }),
    );
    expect(Parameters?.map(({ Name }) => Name)).toEqual(['b', 'a']);
    expect(InvalidParameters).toEqual(['nope', 'a:9']);
  });

  it("says of AWS's public parameters that they are not here", async () => {
    await expect(get('/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-arm64')).rejects.toMatchObject({
      name: 'ParameterNotFound',
      message: expect.stringContaining("Skein has none of AWS's public parameters"),
    });
    await expect(get('nope')).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  it.each<[string, Partial<PutParameterCommandInput>, RegExp]>([
    ['ValidationException', { Name: '' }, /^1 validation error detected: Value '' at 'name' failed/],
    ['ValidationException', { Name: 'a/b' }, /^Parameter name must be a fully qualified name.$/],
    ['ValidationException', { Name: 'ssm-x' }, /^Parameter name: can't be prefixed with "ssm"/],
    ['ValidationException', { Name: 'a b' }, /^Parameter name: can't be prefixed with "ssm"/],
    ['AccessDeniedException', { Name: 'aws-x' }, /^No access to reserved parameter name: aws-x.$/],
    ['AccessDeniedException', { Name: '/AWS/x' }, /^No access to reserved parameter name: \/AWS\/x.$/],
    ['HierarchyLevelLimitExceededException', { Name: '/a'.repeat(16) }, /maximum of 15 levels/],
    ['ValidationException', { Type: undefined }, /^A parameter type is required/],
    ['ValidationException', { Value: '' }, /^1 validation error detected: Value '' at 'value'/],
    [
      'ValidationException',
      { Value: 'x'.repeat(4097) },
      /^Standard tier parameters support a maximum parameter value of 4096/,
    ],
    ['ValidationException', { DataType: 'number' }, /^The following data type is not supported: number/],
    [
      'ValidationException',
      { Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] },
      /tags and overwrite can't be used together/,
    ],
    ['ValidationException', { Policies: '[{"Type":"Expiration"}]' }, /Skein does not support parameter policies/],
    ['ParameterPatternMismatchException', { AllowedPattern: '\\d+' }, /cannot be validated against allowedPattern/],
    ['InvalidAllowedPatternException', { AllowedPattern: '(' }, /regular expression requirement/],
  ])('refuses with %s: %o', async (name, input, message) => {
    await expect(put(input)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });

  it('chooses the tier by the size, and never goes back', async () => {
    expect(await put({ Value: 'x'.repeat(4097), Tier: 'Intelligent-Tiering' })).toMatchObject({ Tier: 'Advanced' });
    await expect(put({ Tier: 'Standard', Overwrite: true })).rejects.toMatchObject({
      message: expect.stringContaining("can't downgrade"),
    });
    expect(await put({ Name: 'b', Tier: 'Intelligent-Tiering' })).toMatchObject({ Tier: 'Standard' });
  });
});

describe('versions', () => {
  it('are listed with their labels, page by page', async () => {
    for (const Value of ['1', '2', '3']) await put({ Value, Overwrite: true });
    await ssm.send(new LabelParameterVersionCommand({ Name: '/app/name', ParameterVersion: 2, Labels: ['b', 'a'] }));
    const first = await ssm.send(new GetParameterHistoryCommand({ Name: '/app/name', MaxResults: 2 }));
    expect(first.Parameters).toMatchObject([
      { Version: 1, Value: '1', Labels: [], Tier: 'Standard', LastModifiedUser: 'arn:aws:iam::000000000000:root' },
      { Version: 2, Value: '2', Labels: ['a', 'b'] },
    ]);
    const second = await ssm.send(
      new GetParameterHistoryCommand({ Name: '/app/name', MaxResults: 2, NextToken: first.NextToken }),
    );
    expect(second.Parameters?.map(({ Value }) => Value)).toEqual(['3']);
    expect(second.NextToken).toBeUndefined();
  });

  it('are at most a hundred: the oldest goes, unless it has a label', async () => {
    for (let version = 1; version <= 101; version++) await put({ Value: String(version), Overwrite: true });
    await expect(get('/app/name:1')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
    expect(await get('/app/name:2')).toMatchObject({ Value: '2' });
    await ssm.send(new LabelParameterVersionCommand({ Name: '/app/name', ParameterVersion: 2, Labels: ['keep'] }));
    await expect(put({ Overwrite: true })).rejects.toMatchObject({
      name: 'ParameterMaxVersionLimitExceeded',
      message: expect.stringContaining("Version 2, the oldest version, can't be deleted"),
    });
  });

  it('lend a label to one at a time, and refuse labels that are none', async () => {
    await put({});
    await put({ Overwrite: true });
    const label = (ParameterVersion: number, Labels: string[]) =>
      ssm.send(new LabelParameterVersionCommand({ Name: '/app/name', ParameterVersion, Labels }));
    await label(1, ['live']);
    expect((await label(2, ['live', '1st', 'aws-x'])).InvalidLabels).toEqual(['1st', 'aws-x']);
    expect(await get('/app/name:live')).toMatchObject({ Version: 2 });
    await expect(
      label(
        2,
        Array.from({ length: 10 }, (_, index) => `l${index}`),
      ),
    ).rejects.toMatchObject({ name: 'ParameterVersionLabelLimitExceeded' });
    const removed = await ssm.send(
      new UnlabelParameterVersionCommand({ Name: '/app/name', ParameterVersion: 2, Labels: ['live', 'nope'] }),
    );
    expect(removed).toMatchObject({ RemovedLabels: ['live'], InvalidLabels: ['nope'] });
  });
});

describe('paths', () => {
  const byPath = async (input: Partial<GetParametersByPathCommandInput>) =>
    ssm.send(new GetParametersByPathCommand({ Path: '/app', ...input }));

  beforeEach(async () => {
    for (const Name of ['/app/b', '/app/a', '/app/sub/c', '/application', 'plain']) await put({ Name });
  });

  const names = ({ Parameters = [] }: { Parameters?: { Name?: string | undefined }[] | undefined }) =>
    Parameters.map(({ Name }) => Name);

  it('are searched one level deep, or all the way', async () => {
    expect(names(await byPath({}))).toEqual(['/app/a', '/app/b']);
    expect(names(await byPath({ Path: '/app/', Recursive: true }))).toEqual(['/app/a', '/app/b', '/app/sub/c']);
    expect(names(await byPath({ Path: '/' }))).toEqual(['/application', 'plain']);
    expect(names(await byPath({ Path: '/nope' }))).toEqual([]);
  });

  it('are searched page by page', async () => {
    const first = await byPath({ Recursive: true, MaxResults: 2 });
    expect(names(first)).toEqual(['/app/a', '/app/b']);
    const second = await byPath({ Recursive: true, MaxResults: 2, NextToken: first.NextToken });
    expect(names(second)).toEqual(['/app/sub/c']);
    expect(second.NextToken).toBeUndefined();
  });

  it('are filtered by type and label', async () => {
    await put({ Name: '/app/s', Type: 'SecureString' });
    await ssm.send(new LabelParameterVersionCommand({ Name: '/app/a', Labels: ['live'] }));
    expect(names(await byPath({ ParameterFilters: [{ Key: 'Type', Values: ['SecureString'] }] }))).toEqual(['/app/s']);
    expect(names(await byPath({ ParameterFilters: [{ Key: 'Label', Values: ['live'] }] }))).toEqual(['/app/a']);
  });

  it.each([
    [{ Path: 'app' }, 'ValidationException', /must begin with a forward slash/],
    [
      { MaxResults: 11 },
      'ValidationException',
      /'maxResults' failed to satisfy constraint: Member must have value less than or equal to 10/,
    ],
    [{ NextToken: 'nope' }, 'InvalidNextToken', /isn't valid/],
    [{ ParameterFilters: [{ Key: 'Name', Values: ['x'] }] }, 'InvalidFilterKey', /Name/],
  ])('refuse %o', async (input, name, message) => {
    await expect(byPath(input)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });
});

describe('describing, tags, deleting', () => {
  const describeNames = async (input: Partial<DescribeParametersCommandInput>) =>
    (await ssm.send(new DescribeParametersCommand(input))).Parameters?.map(({ Name }) => Name);

  it('filters by name, type, path and tag', async () => {
    await put({ Name: '/app/a', Tags: [{ Key: 'team', Value: 'red' }] });
    await put({ Name: '/app/sub/b', Type: 'SecureString' });
    await put({ Name: 'c' });
    const filter = (Key: string, Option?: string, ...Values: string[]) =>
      describeNames({ ParameterFilters: [{ Key, Option, Values }] });
    expect(await filter('Name', 'BeginsWith', '/app')).toEqual(['/app/a', '/app/sub/b']);
    expect(await filter('Name', 'Contains', 'sub', 'c')).toEqual(['/app/sub/b', 'c']);
    expect(await filter('Type', undefined, 'SecureString')).toEqual(['/app/sub/b']);
    expect(await filter('Path', 'OneLevel', '/app')).toEqual(['/app/a']);
    expect(await filter('Path', 'Recursive', '/app')).toEqual(['/app/a', '/app/sub/b']);
    expect(await filter('tag:team', undefined, 'red')).toEqual(['/app/a']);
    expect(await describeNames({ Filters: [{ Key: 'Name', Values: ['/app'] }] })).toEqual(['/app/a', '/app/sub/b']);
    await expect(filter('Colour', undefined, 'red')).rejects.toMatchObject({ name: 'InvalidFilterKey' });
  });

  it('keeps tags until the parameter goes', async () => {
    await put({ Tags: [{ Key: 'a', Value: '1' }] });
    const resource = { ResourceType: 'Parameter', ResourceId: '/app/name' } as const;
    await ssm.send(new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: 'b', Value: '2' }] }));
    await ssm.send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: ['a'] }));
    const list = async () => (await ssm.send(new ListTagsForResourceCommand(resource))).TagList;
    expect(await list()).toEqual([{ Key: 'b', Value: '2' }]);
    await ssm.send(new DeleteParameterCommand({ Name: '/app/name' }));
    await expect(list()).rejects.toMatchObject({ name: 'InvalidResourceId' });
    await put({});
    expect(await list()).toEqual([]);
  });

  it('deletes one or several', async () => {
    await put({ Name: 'a' });
    await put({ Name: 'b' });
    await ssm.send(new DeleteParameterCommand({ Name: 'a' }));
    await expect(ssm.send(new DeleteParameterCommand({ Name: 'a' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
    const { DeletedParameters, InvalidParameters } = await ssm.send(new DeleteParametersCommand({ Names: ['a', 'b'] }));
    expect([DeletedParameters, InvalidParameters]).toEqual([['b'], ['a']]);
    expect(await describeNames({})).toEqual([]);
    expect(await put({ Name: 'b' })).toMatchObject({ Version: 1 });
  });
});
