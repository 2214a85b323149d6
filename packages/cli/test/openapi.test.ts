import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { appWith, startSkein } from './running.ts';

const BIN = fileURLToPath(new URL('../src/bin.ts', import.meta.url));
const LAMBDA = fileURLToPath(new URL('../../lambda', import.meta.url));

async function openapi(...parameters: string[]): Promise<{ code: number | null; out: string; error: string }> {
  using skein = startSkein('openapi', ...parameters);
  const code = await skein.ended();
  return { code, ...skein.written };
}

/** A project that has installed the framework. */
function projectWith(files: Readonly<Record<string, string>>): { readonly folder: string } & Disposable {
  const project = appWith({ 'package.json': '{ "type": "module" }', ...files });
  mkdirSync(join(project.folder, 'node_modules/@skein'), { recursive: true });
  symlinkSync(LAMBDA, join(project.folder, 'node_modules/@skein/lambda'), 'junction');
  return project;
}

const ORDERS = `import { createApi } from '@skein/lambda/api';
const api = createApi({ version: '1.2' });
api.get('/orders/:id', (req: { params: { id: string } }) => ({ id: req.params.id }));
export const { handler } = api;
`;

describe('skein openapi', () => {
  it('prints what a function answers, for people and programs', async () => {
    using project = projectWith({ 'orders.ts': ORDERS });
    const module = join(project.folder, 'orders.ts');
    const { code, out } = await openapi(module, '--title', 'Orders', '--server', 'https://orders.example');
    expect(code).toBe(0);
    const document = JSON.parse(out);
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Orders', version: '1.2' },
      servers: [{ url: 'https://orders.example' }],
      paths: { '/orders/{id}': { get: { parameters: [{ name: 'id', in: 'path' }] } } },
    });
    const lines = await openapi(module, '--title', 'Orders', '--server', 'https://orders.example', '--json');
    expect(JSON.parse(lines.out)).toMatchObject({ code: 'OPENAPI', data: { document } });
  });

  it('writes it to a file', async () => {
    using project = projectWith({ 'orders.ts': ORDERS });
    const file = join(project.folder, 'openapi.json');
    expect(await openapi(join(project.folder, 'orders.ts'), '--api-version', '3', '--output', file)).toMatchObject({
      code: 0,
      out: expect.stringContaining('openapi.json'),
    });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ info: { version: '3' } });
    const nowhere = join(project.folder, 'none/openapi.json');
    expect(await openapi(join(project.folder, 'orders.ts'), '--output', nowhere)).toMatchObject({
      code: 1,
      error: expect.stringContaining(`cannot write '${nowhere}': ENOENT`),
    });
  });

  it('takes an API for one and the same as its handler, and asks which of several', async () => {
    using project = projectWith({
      'one.mjs': `import { createApi } from '@skein/lambda/api/core';
        export const api = createApi(); api.get('/a', () => 1); export const { handler } = api;`,
      'two.mjs': `import { createApi } from '@skein/lambda/api/core';
        export const first = createApi().get('/first', () => 1); export const second = createApi().get('/second', () => 1); export const other = 1;`,
    });
    expect(JSON.parse((await openapi(join(project.folder, 'one.mjs'))).out).paths).toHaveProperty('/a');
    const two = join(project.folder, 'two.mjs');
    expect(await openapi(two)).toMatchObject({
      code: 2,
      error: `skein: '${two}' exports several APIs (first, second): choose one with --export\n`,
    });
    expect(JSON.parse((await openapi(two, '--export', 'second')).out).paths).toHaveProperty('/second');
    expect(await openapi(two, '--export', 'third')).toMatchObject({
      code: 1,
      error: expect.stringContaining(`'${two}' has no export 'third'`),
    });
    expect(await openapi(two, '--export', 'other')).toMatchObject({
      code: 1,
      error: expect.stringContaining(`export 'other' of '${two}' is no API`),
    });
  });

  it('says what is wrong with a module', async () => {
    using project = projectWith({
      'none.mjs': 'export const handler = async () => ({});',
      'broken.mjs': 'export const = 1;',
      'variable.mjs': `import { variable } from '@skein/lambda/env'; variable('TABLE_NAME');`,
      'mute.mjs': `import { contract, createApi } from '@skein/lambda/api/core'; export const api = createApi();
        api.post('/a', contract({ body: { '~standard': { version: 1, vendor: 'mute', validate: (value) => ({ value }) } } }), () => 1);`,
    });
    const told = async (name: string): Promise<string> => {
      const { code, error, out } = await openapi(join(project.folder, name));
      expect([code, out]).toEqual([1, '']);
      return error.replaceAll(`${project.folder}/`, '');
    };
    expect(await told('nothing.mjs')).toBe("skein: there is no 'nothing.mjs': name the module of a function\n");
    expect(await told('none.mjs')).toMatch(/^skein: 'none.mjs' exports no API: export the handler of one/);
    expect(await told('broken.mjs')).toMatch(/^skein: cannot load 'broken.mjs': Unexpected token/);
    expect(await told('variable.mjs')).toMatch(/TABLE_NAME is not set.*with any value\n$/);
    expect(await told('mute.mjs')).toMatch(/^skein: POST \/a: its mute schema gives no JSON Schema, pass toJsonSchema/);
  });

  it('describes a bundle that carries its own framework by that of the current folder, or says that there is none', async () => {
    using project = projectWith({ 'orders.ts': ORDERS });
    using elsewhere = appWith({});
    const bundle = join(elsewhere.folder, 'orders.mjs');
    await build({
      entryPoints: [join(project.folder, 'orders.ts')],
      outfile: bundle,
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'esm',
      conditions: ['skein:source'],
    });
    const at = (cwd: string) =>
      spawnSync(process.execPath, ['--conditions=skein:source', BIN, 'openapi', bundle], { cwd, encoding: 'utf8' });
    expect(JSON.parse(at(project.folder).stdout).paths).toHaveProperty('/orders/{id}');
    expect(at(elsewhere.folder)).toMatchObject({
      status: 1,
      stderr: `skein: neither '${bundle}' nor this folder can reach @skein/lambda: npm install @skein/lambda\n`,
    });
  });
});
