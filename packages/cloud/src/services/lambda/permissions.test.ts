import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARN, type LambdaCloud, startLambda } from './test/lambda.ts';

let tested: LambdaCloud;
beforeAll(async () => {
  tested = await startLambda();
  await tested.create('open');
});
afterAll(() => tested[Symbol.asyncDispose]());

const Action = 'lambda:InvokeFunction';

describe('permissions', () => {
  it('make a policy of statements, in the form of AWS', async () => {
    const { Statement } = await tested.lambda.addPermission({
      FunctionName: 'open',
      StatementId: 's3',
      Action,
      Principal: 's3.amazonaws.com',
      SourceArn: 'arn:aws:s3:::bucket',
    });
    const s3 = {
      Sid: 's3',
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action,
      Resource: `${ARN}:open`,
      Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::bucket' } },
    };
    expect(JSON.parse(Statement ?? '')).toEqual(s3);
    await tested.lambda.addPermission({
      FunctionName: 'open',
      StatementId: 'account',
      Action,
      Principal: '111111111111',
      SourceAccount: '222222222222',
    });
    const { Policy, RevisionId } = await tested.lambda.getPolicy({ FunctionName: 'open' });
    expect(JSON.parse(Policy ?? '')).toEqual({
      Version: '2012-10-17',
      Id: 'default',
      Statement: [
        s3,
        {
          Sid: 'account',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111111111111:root' },
          Action,
          Resource: `${ARN}:open`,
          Condition: { StringEquals: { 'AWS:SourceAccount': '222222222222' } },
        },
      ],
    });
    expect((await tested.lambda.getFunction({ FunctionName: 'open' })).Configuration?.RevisionId).toBe(RevisionId);
  });

  it('are of a version or an alias where one is named', async () => {
    await tested.create('versioned');
    await tested.lambda.publishVersion({ FunctionName: 'versioned' });
    await tested.lambda.createAlias({ FunctionName: 'versioned', Name: 'live', FunctionVersion: '1' });
    for (const Qualifier of ['1', 'live']) {
      const { Statement } = await tested.lambda.addPermission({
        FunctionName: 'versioned',
        Qualifier,
        StatementId: 's',
        Action,
        Principal: '*',
      });
      expect(JSON.parse(Statement ?? '')).toMatchObject({ Principal: '*', Resource: `${ARN}:versioned:${Qualifier}` });
    }
    await expect(tested.lambda.getPolicy({ FunctionName: 'versioned' })).rejects.toThrow(
      'The resource you requested does not exist.',
    );
  });

  it('are removed one by one', async () => {
    await tested.create('closing');
    for (const StatementId of ['a', 'b'])
      await tested.lambda.addPermission({ FunctionName: 'closing', StatementId, Action, Principal: '*' });
    await expect(tested.lambda.removePermission({ FunctionName: 'closing', StatementId: 'c' })).rejects.toThrow(
      'Statement c is not found in resource policy.',
    );
    await tested.lambda.removePermission({ FunctionName: 'closing', StatementId: 'a' });
    expect(
      JSON.parse((await tested.lambda.getPolicy({ FunctionName: 'closing' })).Policy ?? '').Statement,
    ).toMatchObject([{ Sid: 'b' }]);
    await tested.lambda.removePermission({ FunctionName: 'closing', StatementId: 'b' });
    await expect(tested.lambda.removePermission({ FunctionName: 'closing', StatementId: 'b' })).rejects.toThrow(
      'No policy is associated with the given resource.',
    );
  });

  it.each([
    [{ StatementId: 'example.com' }, 'ValidationException', /Value 'example\.com' at 'statementId'/],
    [
      { StatementId: 'taken' },
      'ResourceConflictException',
      /^The statement id \(taken\) provided already exists\. Please provide a new statement id/,
    ],
    [
      { Qualifier: '$LATEST' },
      'InvalidParameterValueException',
      /^We currently do not support adding policies for \$LATEST\./,
    ],
    [{ Principal: 'nobody.example.com' }, 'InvalidParameterValueException', /^The provided principal was invalid\./],
    [
      { Qualifier: 'no-alias' },
      'ResourceNotFoundException',
      new RegExp(`^Cannot find alias arn: ${ARN}:open:no-alias$`),
    ],
    [{ Qualifier: '42' }, 'ResourceNotFoundException', new RegExp(`^Function not found: ${ARN}:open:42$`)],
    [{ FunctionName: 'nobody' }, 'ResourceNotFoundException', new RegExp(`^Function not found: ${ARN}:nobody$`)],
    [
      { RevisionId: 'old' },
      'PreconditionFailedException',
      /Call the GetPolicy API to retrieve the latest Revision Id$/,
    ],
  ])('refuse %j', async (more, name, message) => {
    await tested.lambda
      .addPermission({ FunctionName: 'open', StatementId: 'taken', Action, Principal: '*' })
      .catch(() => undefined);
    const input = { FunctionName: 'open', StatementId: 'fresh', Action, Principal: '*', ...more };
    await expect(tested.lambda.addPermission(input)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });
});

describe('tags', () => {
  it('are added, changed, listed and removed', async () => {
    await tested.create('tagged', undefined, { Tags: { A: '1' } });
    const Resource = `${ARN}:tagged`;
    await tested.lambda.tagResource({ Resource, Tags: { A: '2', B: '3' } });
    expect((await tested.lambda.listTags({ Resource })).Tags).toEqual({ A: '2', B: '3' });
    expect((await tested.lambda.getFunction({ FunctionName: 'tagged' })).Tags).toEqual({ A: '2', B: '3' });
    await tested.lambda.untagResource({ Resource, TagKeys: ['A', 'C'] });
    expect((await tested.lambda.listTags({ Resource })).Tags).toEqual({ B: '3' });
  });

  it.each([
    ['arn:aws:something', 'ValidationException', /Value 'arn:aws:something' at 'resource'/],
    [`${ARN}:nobody`, 'ResourceNotFoundException', new RegExp(`^Function not found: ${ARN}:nobody$`)],
    [`${ARN}:open:1`, 'InvalidParameterValueException', /^Tags on function aliases and versions are not supported/],
  ])('are refused of %s', async (Resource, name, message) => {
    await expect(tested.lambda.tagResource({ Resource, Tags: { A: '1' } })).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });

  it('are 50 at most', async () => {
    const Tags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key${index}`, 'x']));
    await expect(tested.lambda.tagResource({ Resource: `${ARN}:open`, Tags })).rejects.toThrow(
      'Number of tags exceeds resource tag limit.',
    );
  });
});
