import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('../../src/idempotency/', import.meta.url));

async function bundled(code: string) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: source },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['@aws-sdk/*'],
    metafile: true,
    write: false,
  });
  const [{ text } = { text: '' }] = outputFiles;
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  return { text, imports: imports.map(({ path, kind }) => `${kind} ${path}`) };
}

describe('a bundle', () => {
  it('of a handler is at most 3 KB, and loads the SDK on first use alone', async () => {
    const { text, imports } = await bundled(
      "import { idempotent } from './index.ts'; export const handler = idempotent(() => 1, { key: 'id' });",
    );
    expect(gzipSync(text, { level: 9 }).length).toBeLessThanOrEqual(3072);
    expect([...new Set(imports)].sort()).toEqual([
      'dynamic-import @aws-sdk/client-dynamodb',
      'import-statement node:crypto',
    ]);
  });

  it('has nothing of what is not used', async () => {
    const { text, imports } = await bundled("export { memoryStore } from './index.ts';");
    expect(imports).toEqual([]);
    expect(text).not.toContain('Error');
  });
});
