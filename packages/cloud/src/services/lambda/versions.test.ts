import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARN, type LambdaCloud, startLambda } from './test/lambda.ts';
import { zipOf } from './test/zip.ts';

let tested: LambdaCloud;
beforeAll(async () => {
  tested = await startLambda({ seed: 1 });
});
afterAll(() => tested[Symbol.asyncDispose]());

const answering = (value: number): string =>
  `exports.handler = async (event, context) => [${value}, context.functionVersion];`;

/** A function with versions 1 and 2, which answer their number. */
async function twoVersions(name: string): Promise<void> {
  await tested.create(name, answering(1));
  await tested.lambda.publishVersion({ FunctionName: name });
  await tested.lambda.updateFunctionCode({ FunctionName: name, ZipFile: zipOf(answering(2)), Publish: true });
}

describe('versions', () => {
  it('keep the code that they were published with', async () => {
    await twoVersions('kept');
    await tested.lambda.updateFunctionCode({ FunctionName: 'kept', ZipFile: zipOf(answering(3)) });
    expect(await tested.call('kept', {}, { Qualifier: '1' })).toEqual([1, '1']);
    expect(await tested.call('kept:2')).toEqual([2, '2']);
    expect(await tested.call('kept')).toEqual([3, '$LATEST']);
    const { Versions } = await tested.lambda.listVersionsByFunction({ FunctionName: 'kept' });
    expect(Versions?.map(({ FunctionArn }) => FunctionArn)).toEqual([
      `${ARN}:kept:$LATEST`,
      `${ARN}:kept:1`,
      `${ARN}:kept:2`,
    ]);
  });

  it('are not made again when nothing has changed', async () => {
    await tested.create('same', answering(1));
    const first = await tested.lambda.publishVersion({ FunctionName: 'same', Description: 'the first' });
    const second = await tested.lambda.publishVersion({ FunctionName: 'same', Description: 'the second' });
    expect([first.Version, second.Version, second.Description]).toEqual(['1', '1', 'the first']);
  });

  it('are refused for another code than the latest', async () => {
    await tested.create('other', answering(1));
    await expect(tested.lambda.publishVersion({ FunctionName: 'other', CodeSha256: 'abc' })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringMatching(/^CodeSHA256 \(abc\) is different from current CodeSHA256 in \$LATEST \(/),
    });
  });

  it('are deleted one by one, but not the latest nor those with an alias', async () => {
    await twoVersions('pruned');
    await tested.lambda.createAlias({ FunctionName: 'pruned', Name: 'live', FunctionVersion: '2' });
    await tested.lambda.deleteFunction({ FunctionName: 'pruned', Qualifier: '1' });
    await expect(tested.call('pruned:1')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(tested.lambda.deleteFunction({ FunctionName: 'pruned', Qualifier: '$LATEST' })).rejects.toThrow(
      '$LATEST version cannot be deleted without deleting the function.',
    );
    await expect(tested.lambda.deleteFunction({ FunctionName: 'pruned', Qualifier: '2' })).rejects.toThrow('live');
    expect(await tested.call('pruned:live')).toEqual([2, '2']);
  });
});

describe('aliases', () => {
  it('stand for a version, and move', async () => {
    await twoVersions('moved');
    const created = await tested.lambda.createAlias({
      FunctionName: 'moved',
      Name: 'live',
      FunctionVersion: '1',
      Description: 'x',
    });
    expect(created).toMatchObject({ AliasArn: `${ARN}:moved:live`, FunctionVersion: '1', Description: 'x' });
    expect(created.RoutingConfig).toBeUndefined();
    expect(await tested.call('moved', {}, { Qualifier: 'live' })).toEqual([1, '1']);
    const moved = await tested.lambda.updateAlias({ FunctionName: 'moved', Name: 'live', FunctionVersion: '2' });
    expect(moved.RevisionId).not.toBe(created.RevisionId);
    expect(await tested.call('moved', {}, { Qualifier: 'live' })).toEqual([2, '2']);
    expect((await tested.lambda.listAliases({ FunctionName: 'moved' })).Aliases).toMatchObject([
      { Name: 'live', FunctionVersion: '2' },
    ]);
    await tested.lambda.deleteAlias({ FunctionName: 'moved', Name: 'live' });
    await expect(tested.lambda.getAlias({ FunctionName: 'moved', Name: 'live' })).rejects.toThrow(
      `Cannot find alias arn: ${ARN}:moved:live`,
    );
  });

  it('give a share of the calls to a second version', async () => {
    await twoVersions('shared');
    const RoutingConfig = { AdditionalVersionWeights: { 2: 0.5 } };
    await tested.lambda.createAlias({ FunctionName: 'shared', Name: 'both', FunctionVersion: '1', RoutingConfig });
    const seen = new Set<string>();
    for (let call = 0; call < 40; call++) seen.add(JSON.stringify(await tested.call('shared:both')));
    expect([...seen].sort()).toEqual(['[1,"1"]', '[2,"2"]']);
  });

  it.each([
    [{ FunctionVersion: '10' }, 'ResourceNotFoundException', new RegExp(`^Function not found: ${ARN}:refusing:10$`)],
    [
      { Name: '2024' },
      'ValidationException',
      /Value '2024' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: \(\?!\^\[0-9\]\+\$\)/,
    ],
    [
      { RoutingConfig: { AdditionalVersionWeights: { 2: 2 } } },
      'ValidationException',
      /Value '\{2=2\.0\}' at 'routingConfig\.additionalVersionWeights' failed/,
    ],
    [
      { RoutingConfig: { AdditionalVersionWeights: { 1: 0.5 } } },
      'InvalidParameterValueException',
      /^Invalid function version 1\. Function version 1 is already included/,
    ],
    [
      { RoutingConfig: { AdditionalVersionWeights: { 1: 0.5, 2: 0.5 } } },
      'InvalidParameterValueException',
      /^Number of items in AdditionalVersionWeights cannot be greater than 1/,
    ],
    [
      { FunctionVersion: '$LATEST', RoutingConfig: { AdditionalVersionWeights: { 1: 0.5 } } },
      'InvalidParameterValueException',
      /^\$LATEST is not supported for an alias pointing to more than 1 version/,
    ],
    [{ Name: 'taken' }, 'ResourceConflictException', new RegExp(`^Alias already exists: ${ARN}:refusing:taken$`)],
  ])('refuse %j', async (more, name, message) => {
    await twoVersions('refusing').catch(() => undefined);
    await tested.lambda
      .createAlias({ FunctionName: 'refusing', Name: 'taken', FunctionVersion: '1' })
      .catch(() => undefined);
    const input = { FunctionName: 'refusing', Name: 'fresh', FunctionVersion: '1', ...more };
    await expect(tested.lambda.createAlias(input)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });
});
