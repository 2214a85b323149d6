import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type OutputFile, type Plugin } from 'esbuild';
import { entriesOf, folderOf } from './manifest.ts';
import { sdkSchemas } from './sdkSchemas.ts';

/** What of others is bundled into the cloud: what it needs at its start, or only a part of. Anything else is imported when it is used. */
const BUNDLED_IN_CLOUD = /^(@aws-sdk\/(client-[a-z0-9-]+|core|xml-builder)|@smithy\/core|yaml)(\/|$)/;

/** Bundles what a package exports, with chunks for what several exports or lazy imports share. Writes nothing: what fails replaces nothing. */
export async function bundle(name: string): Promise<OutputFile[]> {
  const folder = folderOf(name);
  const entries = entriesOf(name);
  const shared: BuildOptions = {
    absWorkingDir: folder,
    outdir: 'dist',
    platform: 'node',
    target: 'node22',
    bundle: true,
    write: false,
    sourcemap: false,
    legalComments: 'none',
    logLevel: 'warning',
  };
  const modules = await build({
    ...shared,
    entryPoints: Object.fromEntries(entries.map(({ source, module }) => [stem(module), source])),
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    mainFields: ['module', 'main'],
    plugins: name === 'cloud' ? [sdkSchemas, othersExternal(BUNDLED_IN_CLOUD)] : [othersExternal()],
    // The cloud starts in a fraction of a second: reading its code is a part of that.
    ...(name === 'cloud' && { minify: true }),
    ...(name === 'cloud' && { alias: { yaml: YAML } }),
  });
  if (!entries.some(({ commonJs }) => commonJs !== undefined)) return filesOf(modules);
  const commonJs = await build({
    ...shared,
    // File by file: a class that two exports share must be one class.
    entryPoints: sourcesIn(join(folder, 'src')),
    outbase: 'src',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    plugins: [filesExternal],
  });
  return [...filesOf(modules), ...filesOf(commonJs)];
}

const filesOf = ({ outputFiles = [] }: { outputFiles?: OutputFile[] | undefined }): OutputFile[] => outputFiles;

/** The same library as ES modules: its CommonJS would want a `require` in every chunk. */
const YAML = join(import.meta.dirname, '../../node_modules/yaml/browser/index.js');

const stem = (module: string): string => module.replace(/^dist\//, '').replace(/\.js$/, '');

const sourcesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test|\.d)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));

/** Leaves packages to Node, but for those that are bundled; and what sources alone need. */
const othersExternal = (bundled?: RegExp): Plugin => ({
  name: 'others-external',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('node:') || bundled?.test(path) === true
        ? undefined
        : { path, external: true },
    );
    onResolve({ filter: /\/buildPage\.ts$/ }, ({ path }) => ({ path, external: true }));
  },
});

/** Leaves each file to itself. */
const filesExternal: Plugin = {
  name: 'files-external',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/^(\..*)\.ts$/, '$1.cjs'), external: true },
    );
  },
};
