import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ARN, ECHO, type LambdaCloud, ROLE, startLambda } from '../test/lambda.ts';

let tested: LambdaCloud;
let folder: string;
beforeEach(async () => {
  tested = await startLambda({ seed: 1 });
  folder = mkdtempSync(join(tmpdir(), 'skein-test-'));
});
afterEach(async () => {
  await tested[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

interface Declaration {
  readonly Type: string;
  readonly Properties?: object;
}

/** Deploys a template of these resources as the stack `shop`. */
function deploy(Resources: Readonly<Record<string, Declaration>>, Outputs: object = {}) {
  const path = join(folder, 'shop.json');
  writeFileSync(path, JSON.stringify({ Resources, Outputs }));
  return tested.cloud.deploy(path, { stackName: 'shop' });
}

const worker = (more: object = {}): Declaration => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: 'worker',
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: ROLE,
    Code: { ZipFile: ECHO },
    ...more,
  },
});

/** A `cdk.out` with one stack, whose assets are folders. */
function cdkOut(template: object, assets: Readonly<Record<string, string>>): string {
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const files = Object.fromEntries(
    Object.keys(assets).map((hash) => [
      hash,
      {
        source: { path: `asset.${hash}`, packaging: 'zip' },
        destinations: { here: { bucketName: 'assets', objectKey: `${hash}.zip` } },
      },
    ]),
  );
  put(
    'manifest.json',
    JSON.stringify({
      version: '36.0.0',
      artifacts: {
        'shop.assets': { type: 'cdk:asset-manifest', properties: { file: 'shop.assets.json' } },
        shop: {
          type: 'aws:cloudformation:stack',
          environment: 'aws://unknown-account/unknown-region',
          properties: { templateFile: 'shop.template.json' },
          dependencies: ['shop.assets'],
        },
      },
    }),
  );
  put('shop.assets.json', JSON.stringify({ version: '36.0.0', files, dockerImages: {} }));
  put('shop.template.json', JSON.stringify(template));
  for (const [hash, source] of Object.entries(assets))
    put(`asset.${hash}/${source.includes('//path:') ? (source.split('//path:')[1] ?? '') : 'index.js'}`, source);
  return folder;
}

describe('AWS::Lambda::Function', () => {
  it('runs inline code, with the properties that it was given', async () => {
    const app = await deploy(
      {
        Worker: worker({
          Code: { ZipFile: 'exports.handler = async () => [process.env.GREETING, process.env.COUNT];' },
          Environment: { Variables: { GREETING: 'hello', COUNT: 3 } },
          Timeout: '10',
          MemorySize: '256',
          Description: 'd',
          Tags: [{ Key: 'team', Value: 'shop' }],
          LoggingConfig: { LogFormat: 'JSON', LogGroup: '/shop' },
          ReservedConcurrentExecutions: 5,
          TracingConfig: { Mode: 'Active' },
          VpcConfig: { SubnetIds: ['a'], SecurityGroupIds: ['b'] },
          DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead' },
        }),
      },
      { Name: { Value: { Ref: 'Worker' } }, Arn: { Value: { 'Fn::GetAtt': ['Worker', 'Arn'] } } },
    );
    expect(app.outputs).toMatchObject({ Name: 'worker', Arn: `${ARN}:worker` });
    expect(await tested.call('worker')).toEqual(['hello', '3']);
    const { Configuration, Tags, Concurrency } = await tested.lambda.getFunction({ FunctionName: 'worker' });
    expect(Configuration).toMatchObject({
      Timeout: 10,
      MemorySize: 256,
      Description: 'd',
      TracingConfig: { Mode: 'Active' },
      DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead' },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: '/shop' },
    });
    expect(Tags).toMatchObject({ team: 'shop', 'aws:cloudformation:logical-id': 'Worker' });
    expect(Concurrency).toEqual({ ReservedConcurrentExecutions: 5 });
    expect(app.ignored.filter(({ path }) => !/VpcConfig|TracingConfig/.test(path))).toEqual([]);
  });

  it('may run in loops while its template says so', async () => {
    const setting = async () =>
      (await tested.lambda.getFunctionRecursionConfig({ FunctionName: 'worker' })).RecursiveLoop;
    await deploy({ Worker: worker({ RecursiveLoop: 'Allow' }) });
    expect(await setting()).toBe('Allow');
    await deploy({ Worker: worker() });
    expect(await setting()).toBe('Terminate');
  });

  it('is named after stack and logical id when it has no name', async () => {
    const app = await deploy({ Worker: worker({ FunctionName: undefined }) });
    expect(app.find('Worker').physicalId).toMatch(/^shop-Worker-[A-Z0-9a-z]{12}$/);
  });

  it('runs assets from where they lie', async () => {
    const hash = 'a'.repeat(64);
    const source = { Code: { S3Bucket: 'assets', S3Key: `${hash}.zip` } };
    await tested.cloud.deploy(
      cdkOut({ Resources: { Worker: worker(source) } }, { [hash]: 'exports.handler = async () => __dirname;' }),
    );
    const place = await tested.call('worker');
    expect(place).toBe(join(folder, `asset.${hash}`));
    const { Code } = await tested.lambda.getFunction({ FunctionName: 'worker' });
    expect(fileURLToPath(Code?.Location ?? '')).toBe(place);
  });

  it('takes code from a path beside the template', async () => {
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src/index.js'), 'exports.handler = async () => "beside";');
    await deploy({ Worker: worker({ Code: './src' }) });
    expect(await tested.call('worker')).toBe('beside');
  });

  it('is changed in place, and back when the deploy fails', async () => {
    await deploy({ Worker: worker({ Timeout: 5, Description: 'old' }) });
    expect(await tested.call('worker', { a: 1 })).toEqual({ a: 1 });
    await deploy({ Worker: worker({ Code: { ZipFile: 'exports.handler = async () => 2;' } }) });
    expect(await tested.call('worker')).toBe(2);
    expect(await tested.lambda.getFunctionConfiguration({ FunctionName: 'worker' })).toMatchObject({
      Timeout: 3,
      Description: '',
    });
    const broken = {
      Type: 'AWS::Lambda::Alias',
      Properties: { FunctionName: { Ref: 'Worker' }, FunctionVersion: '99', Name: 'live' },
    };
    await expect(
      deploy({ Worker: worker({ Code: { ZipFile: 'exports.handler = async () => 3;' } }), Live: broken }),
    ).rejects.toThrow('Function not found');
    expect(await tested.call('worker')).toBe(2);
  });

  it('changes nothing when nothing has changed', async () => {
    await deploy({ Worker: worker() });
    const before = await tested.lambda.getFunctionConfiguration({ FunctionName: 'worker' });
    expect((await deploy({ Worker: worker() })).changed).toBe(false);
    expect((await tested.lambda.getFunctionConfiguration({ FunctionName: 'worker' })).RevisionId).toBe(
      before.RevisionId,
    );
  });

  it('is replaced under another name, and deleted with its stack', async () => {
    await deploy({ Worker: worker() });
    const app = await deploy({ Worker: worker({ FunctionName: 'other' }) });
    expect((await tested.lambda.listFunctions({})).Functions?.map(({ FunctionName }) => FunctionName)).toEqual([
      'other',
    ]);
    await app.delete();
    expect((await tested.lambda.listFunctions({})).Functions).toEqual([]);
  });

  it('is accepted with a runtime that does not run here, and says so', async () => {
    const app = await deploy({
      Worker: worker({ Runtime: 'python3.13', Code: { ZipFile: 'def handler(event, context): pass' } }),
    });
    expect(app.ignored).toContainEqual(
      expect.objectContaining({ reason: expect.stringContaining('python3.13 do not run here') }),
    );
  });

  it.each([
    ['nodejs12.x', 'AWS has ended the runtime nodejs12.x'],
    ['nodejs99.x', 'AWS has no runtime nodejs99.x'],
  ])('runs with the Node runtime %s, and says what AWS would', async (Runtime, reason) => {
    const app = await deploy({ Worker: worker({ Runtime }) });
    expect(app.ignored).toContainEqual(expect.objectContaining({ reason: expect.stringContaining(reason) }));
    expect(await tested.call('worker', { a: 1 })).toEqual({ a: 1 });
  });

  it.each([
    [{ Code: { S3Bucket: 'elsewhere', S3Key: 'k.zip' } }, /s3:\/\/elsewhere\/k\.zip is no asset of this app/],
    [{ Code: { ImageUri: 'x' }, PackageType: 'Image' }, /from a container image is not supported/],
    [{ Handler: undefined }, /the property Handler is missing/],
    [{ MemorySize: 64 }, /'memorySize' failed to satisfy constraint/],
  ])('is refused as %j', async (more, message) => {
    await expect(deploy({ Worker: worker(more) })).rejects.toThrow(message);
  });
});

describe('what hangs on a function', () => {
  it('is deployed with it: versions, aliases, permissions, URLs and retries', async () => {
    const resources = (version: number) => ({
      Worker: worker({
        Code: { ZipFile: `exports.handler = async (event, { functionVersion }) => [${version}, functionVersion];` },
      }),
      [`V${version}`]: {
        Type: 'AWS::Lambda::Version',
        Properties: { FunctionName: { Ref: 'Worker' }, Description: `number ${version}` },
      },
      Live: {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          FunctionName: { Ref: 'Worker' },
          FunctionVersion: { 'Fn::GetAtt': [`V${version}`, 'Version'] },
          Name: 'live',
        },
      },
      Permit: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: { Ref: 'Live' },
          Action: 'lambda:InvokeFunction',
          Principal: 's3.amazonaws.com',
          SourceArn: 'arn:aws:s3:::bucket',
        },
      },
      Url: {
        Type: 'AWS::Lambda::Url',
        Properties: { TargetFunctionArn: { 'Fn::GetAtt': ['Worker', 'Arn'] }, Qualifier: 'live', AuthType: 'NONE' },
        DependsOn: 'Live',
      },
      Retries: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: { FunctionName: { Ref: 'Worker' }, Qualifier: '$LATEST', MaximumRetryAttempts: '1' },
      },
    });
    const outputs = { Url: { Value: { 'Fn::GetAtt': ['Url', 'FunctionUrl'] } }, Live: { Value: { Ref: 'Live' } } };
    const app = await deploy(resources(1), outputs);
    expect(app.outputs['Live']).toBe(`${ARN}:worker:live`);
    expect(await (await fetch(app.outputs['Url'] ?? '')).json()).toEqual([1, '1']);
    const { Policy } = await tested.lambda.getPolicy({ FunctionName: 'worker', Qualifier: 'live' });
    expect(JSON.parse(Policy ?? '').Statement).toMatchObject([
      { Sid: expect.stringMatching(/^shop-Permit-/), Resource: `${ARN}:worker:live` },
    ]);
    expect(await tested.lambda.getFunctionEventInvokeConfig({ FunctionName: 'worker' })).toMatchObject({
      MaximumRetryAttempts: 1,
    });

    const changed = await deploy(resources(2), outputs);
    expect(changed.outputs['Url']).toBe(app.outputs['Url']);
    expect(await (await fetch(app.outputs['Url'] ?? '')).json()).toEqual([2, '2']);
    const { Versions } = await tested.lambda.listVersionsByFunction({ FunctionName: 'worker' });
    expect(Versions?.map(({ Version }) => Version)).toEqual(['$LATEST', '2']);

    await changed.delete();
    expect((await tested.lambda.listFunctions({})).Functions).toEqual([]);
  });

  it('has its layers from assets', async () => {
    const [code, layer] = ['c'.repeat(64), 'd'.repeat(64)];
    const template = {
      Resources: {
        Shared: {
          Type: 'AWS::Lambda::LayerVersion',
          Properties: {
            LayerName: 'shared',
            Content: { S3Bucket: 'assets', S3Key: `${layer}.zip` },
            CompatibleRuntimes: ['nodejs22.x'],
          },
        },
        Worker: worker({ Code: { S3Bucket: 'assets', S3Key: `${code}.zip` }, Layers: [{ Ref: 'Shared' }] }),
      },
    };
    await tested.cloud.deploy(
      cdkOut(template, {
        [code]: "exports.handler = async () => require('shared');",
        [layer]: 'module.exports = 7; //path:nodejs/node_modules/shared/index.js',
      }),
    );
    expect(await tested.call('worker')).toBe(7);
    expect((await tested.lambda.getFunctionConfiguration({ FunctionName: 'worker' })).Layers).toEqual([
      { Arn: 'arn:aws:lambda:us-east-1:000000000000:layer:shared:1', CodeSize: expect.any(Number) },
    ]);
  });

  it('leaves out layers of other accounts, and says so', async () => {
    const foreign = 'arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension:14';
    const app = await deploy({ Worker: worker({ Layers: [foreign] }) });
    expect(app.ignored).toContainEqual(expect.objectContaining({ reason: expect.stringContaining(foreign) }));
    expect(await tested.call('worker', { a: 1 })).toEqual({ a: 1 });
  });
});
