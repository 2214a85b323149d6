import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleEvent, kinds } from './events.ts';

const source = fileURLToPath(new URL('../../src/', import.meta.url));
const folder = fileURLToPath(new URL('../../dist/bundles/', import.meta.url));

beforeAll(() => mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function bundled(name: string, code: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`);
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: source },
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    write: false,
  });
  const [{ text } = { text: '' }] = outputFiles;
  writeFileSync(outfile, text);
  return text;
}

const run = (...args: string[]): string => execFileSync(process.execPath, args, { encoding: 'utf8' });

describe('a bundle', () => {
  it('of a hello world on the core is at most 8 KB, and has nothing that it does not use', async () => {
    const text = await bundled(
      'hello',
      "import { createApi } from './api/core.ts'; const api = createApi(); api.get('/', () => 'hello'); export const { handler } = api;",
    );
    expect(gzipSync(text, { level: 9 }).length).toBeLessThanOrEqual(8192);
    const absent = [
      '"node:',
      'import(',
      'getBuiltinModule',
      'multipart/form-data',
      'X-Amz',
      'openapi',
      'brotli',
      'awslambda',
      'Max-Age',
      '~standard',
      'sampling.rules',
      'asyncIterator',
      'image/png',
    ];
    expect(absent.filter((word) => text.includes(word))).toEqual([]);
    const { handler } = await import(/* @vite-ignore */ join(folder, 'hello.mjs'));
    expect(
      await handler({ version: '2.0', rawPath: '/', requestContext: { http: { method: 'GET' } } }, {}),
    ).toMatchObject({ statusCode: 200, body: 'hello' });
  });

  it('keeps uploads, streams, OpenAPI and Fetch out of an app that does not import them', async () => {
    const text = await bundled(
      'full',
      "import { createApi } from './api/index.ts'; export const { handler } = createApi();",
    );
    const absent = [
      'multipart/form-data',
      'openapi',
      'streamifyResponse',
      'text/event-stream',
      'getSetCookie',
      '~standard',
    ];
    expect(absent.filter((word) => text.includes(word))).toEqual([]);
  });
});

it('loads no module of Node for ordinary requests, whatever the event', async () => {
  await bundled(
    'ordinary',
    `import { createApi } from './api/index.ts';
     const api = createApi({ headers: { 'x-a': '1' } });
     api.use(async (req, res, next) => { await next(); });
     api.any('/a/:id', (req, res) => res.cookie('a', req.params.id).cors().send([req.query, req.body, req.cookies, req.headers, req.auth, req.ip]));
     api.any('/fails', () => { throw new Error('no'); });
     export const { handler } = api;`,
  );
  const events = [...kinds.map(([, make]) => make), consoleEvent].flatMap((make) =>
    ['/a/7', '/fails', '/nowhere'].map((path) =>
      make('POST', path, { search: 'a=1', body: '{"a":1}', headers: { authorization: 'Basic dTpw' } }),
    ),
  );
  const script = join(folder, 'modules.mjs');
  writeFileSync(
    script,
    `const before = new Set(process.moduleLoadList);
     const { handler } = await import('./ordinary.mjs');
     for (const event of ${JSON.stringify(events)}) {
       const { statusCode } = await handler(event, { getRemainingTimeInMillis: () => 3000 });
       if (![200, 404, 500].includes(statusCode)) throw new Error(String(statusCode));
     }
     const loaded = process.moduleLoadList.filter((name) => !before.has(name) && /undici|async_hooks|zlib|crypto|http|stream|NativeModule fs/.test(name));
     process.stdout.write(JSON.stringify(loaded));`,
  );
  expect(JSON.parse(run(script))).toEqual([]);
});

describe('CommonJS', () => {
  /** Leaves each file to itself, as the build does: a class that two subpaths share must be one class. */
  const external: Plugin = {
    name: 'external',
    setup: ({ onResolve }) =>
      onResolve({ filter: /.*/ }, ({ path, kind }) =>
        kind === 'entry-point' ? undefined : { path: path.replace(/^(\..*)\.ts$/, '$1.cjs'), external: true },
      ),
  };

  it('gives the function that Lambda API gives', async () => {
    const result = await build({
      entryPoints: ['api/*.ts', 'log/*.ts', 'env.ts'].map((files) => join(source, files)),
      outdir: join(folder, 'cjs'),
      outbase: source,
      outExtension: { '.js': '.cjs' },
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      plugins: [external],
      logLevel: 'silent',
    });
    expect(result.warnings).toEqual([]);
    const script = join(folder, 'use.cjs');
    writeFileSync(
      script,
      `const createApi = require('./cjs/api/commonJs.cjs');
       const { multipart } = require('./cjs/api/multipart.cjs');
       const api = createApi({ compression: true });
       api.get('/a', (req, res) => res.send('text'));
       const event = { version: '2.0', rawPath: '/a', headers: { 'accept-encoding': 'gzip' }, requestContext: { http: { method: 'GET' } } };
       let shared = false;
       try { multipart({ headers: {}, bytes: Buffer.alloc(0) }); } catch (error) { shared = error instanceof createApi.ApiError; }
       api.run(event, {}, (error, answer) => process.stdout.write(JSON.stringify([createApi === createApi.createApi, createApi === createApi.default, shared, answer.headers])));`,
    );
    expect(JSON.parse(run(script))).toEqual([
      true,
      true,
      true,
      { 'content-type': 'application/json', vary: 'accept-encoding', 'content-encoding': 'gzip' },
    ]);
  });
});
