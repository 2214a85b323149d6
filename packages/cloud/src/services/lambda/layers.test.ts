import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LambdaCloud, startLambda } from './test/lambda.ts';
import { zip } from './test/zip.ts';

let tested: LambdaCloud;
beforeAll(async () => {
  tested = await startLambda();
});
afterAll(() => tested[Symbol.asyncDispose]());

const LAYER = 'arn:aws:lambda:us-east-1:000000000000:layer';
const ZipFile = zip({ 'nodejs/node_modules/shared/index.js': 'module.exports = 7;' });
const publish = (LayerName: string) =>
  tested.lambda.publishLayerVersion({
    LayerName,
    Content: { ZipFile },
    Description: 'd',
    LicenseInfo: 'MIT',
    CompatibleRuntimes: ['nodejs22.x'],
  });

describe('layers', () => {
  it('are published in numbered versions, unpacked on this disk', async () => {
    const first = await publish('counted');
    expect(first).toMatchObject({
      LayerArn: `${LAYER}:counted`,
      LayerVersionArn: `${LAYER}:counted:1`,
      Version: 1,
      Description: 'd',
      LicenseInfo: 'MIT',
      CompatibleRuntimes: ['nodejs22.x'],
    });
    expect(existsSync(join(fileURLToPath(first.Content?.Location ?? ''), 'nodejs/node_modules/shared/index.js'))).toBe(
      true,
    );
    expect((await publish('counted')).Version).toBe(2);
    expect(await tested.lambda.getLayerVersion({ LayerName: 'counted', VersionNumber: 2 })).toMatchObject({
      LayerVersionArn: `${LAYER}:counted:2`,
    });
    expect(await tested.lambda.getLayerVersionByArn({ Arn: `${LAYER}:counted:1` })).toMatchObject({ Version: 1 });
    expect(
      (await tested.lambda.listLayerVersions({ LayerName: 'counted' })).LayerVersions?.map(({ Version }) => Version),
    ).toEqual([2, 1]);
    expect((await tested.lambda.listLayers({})).Layers).toMatchObject([
      { LayerName: 'counted', LatestMatchingVersion: { Version: 2 } },
    ]);
  });

  it('never use a number twice, also when all versions were deleted', async () => {
    await publish('gone');
    await tested.lambda.deleteLayerVersion({ LayerName: 'gone', VersionNumber: 1 });
    await expect(tested.lambda.getLayerVersion({ LayerName: 'gone', VersionNumber: 1 })).rejects.toThrow(
      'The resource you requested does not exist.',
    );
    expect((await publish('gone')).Version).toBe(2);
  });

  it('stay with the functions that have them', async () => {
    const { LayerVersionArn = '', Content } = await publish('used');
    await tested.create('uses', undefined, { Layers: [LayerVersionArn] });
    await tested.lambda.deleteLayerVersion({ LayerName: 'used', VersionNumber: 1 });
    const { Layers } = await tested.lambda.getFunctionConfiguration({ FunctionName: 'uses' });
    expect(Layers).toEqual([{ Arn: LayerVersionArn, CodeSize: Content?.CodeSize }]);
    await expect(tested.create('later', undefined, { Layers: [LayerVersionArn] })).rejects.toThrow(
      `Layer version ${LayerVersionArn} does not exist.`,
    );
  });

  it('are one version each in a function', async () => {
    await publish('double');
    await publish('double');
    await expect(
      tested.create('both', undefined, { Layers: [`${LAYER}:double:1`, `${LAYER}:double:2`] }),
    ).rejects.toThrow(
      `Two different versions of the same layer are not allowed to be referenced in the same function. ${LAYER}:double:1 and ${LAYER}:double:2 are versions of the same layer.`,
    );
  });

  it('refuse runtimes and numbers that cannot be', async () => {
    const CompatibleRuntimes = ['invalid' as 'nodejs22.x']; // what the model does not allow
    await expect(
      tested.lambda.publishLayerVersion({ LayerName: 'x', Content: { ZipFile }, CompatibleRuntimes }),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining("Value '[invalid]' at 'compatibleRuntimes'"),
    });
    await expect(tested.lambda.getLayerVersion({ LayerName: 'x', VersionNumber: 0 })).rejects.toThrow(
      'Layer Version Cannot be less than 1',
    );
  });
});
