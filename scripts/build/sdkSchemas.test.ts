import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { ROOT } from './manifest.ts';
import { sdkSchemas } from './sdkSchemas.ts';

const bundled = async (source: string) => {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: ROOT },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
    plugins: [sdkSchemas],
  });
  return outputFiles[0]?.text ?? '';
};

it('takes the schemas and errors of a client, and leaves the client out', async () => {
  const text = await bundled("import * as sdk from '@aws-sdk/client-sts'; console.log(sdk);");
  expect(text).toContain('GetCallerIdentity$');
  expect(text).toMatch(/class _?ExpiredTokenException extends STSServiceException/);
  expect(text).not.toMatch(/from "(node:)?https?"|class STSClient/);
});

it('names what is not there any more', async () => {
  await expect(bundled("import { STSClient } from '@aws-sdk/client-sts'; console.log(STSClient);")).rejects.toThrow(
    /No matching export .* for import "STSClient"/,
  );
});
