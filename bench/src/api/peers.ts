import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const folder = join(root, 'bench/peers/api');

const PEERS = [
  'lambda-api@1.5.1',
  'hono@4.13.19',
  '@middy/core@7.9.2',
  '@middy/http-router@7.9.2',
  '@aws-lambda-powertools/event-handler@2.35.0',
  'fastify@5.12.8',
  '@fastify/aws-lambda@6.4.0',
];

/** The contestants, in the order of the table. */
export const CONTESTANTS: readonly string[] = [
  'bare',
  'skein',
  'skein-core',
  'middy',
  'hono',
  'lambda-api',
  'powertools',
  'fastify',
];

/** Installs the peers if they are not there. */
export function installPeers(): void {
  if (PEERS.every((peer) => existsSync(join(folder, 'node_modules', peer.slice(0, peer.lastIndexOf('@')))))) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "peers", "private": true, "type": "module" }\n');
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...PEERS], {
    cwd: folder,
    stdio: 'inherit',
  });
}

/** Bundles a file as a user would, minified, into one ES module. @returns its path. */
export async function bundle(entry: string, name: string): Promise<string> {
  const outfile = join(folder, 'out', `${name}.mjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    conditions: ['skein:source'],
    nodePaths: [join(folder, 'node_modules'), join(root, 'node_modules')],
    // CommonJS inside the bundle (fastify) asks for require.
    banner: {
      js: name === 'fastify' ? "import{createRequire as __c}from'node:module';const require=__c(import.meta.url);" : '',
    },
    logLevel: 'error',
  });
  return outfile;
}

/** Bundles all contestants. @returns the path of each. */
export async function bundleContestants(): Promise<ReadonlyMap<string, string>> {
  const files = await Promise.all(CONTESTANTS.map((name) => bundle(join(here, 'contestants', `${name}.mjs`), name)));
  return new Map(CONTESTANTS.map((name, index) => [name, files[index] ?? '']));
}

/** Bundles a file with code splitting. @returns the files that are loaded at the start, as they are on the disk. */
export async function bundleSplit(entry: string, name: string): Promise<readonly Buffer[]> {
  const outdir = join(folder, 'out', name);
  rmSync(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: [entry],
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    conditions: ['skein:source'],
    absWorkingDir: root,
    nodePaths: [join(root, 'node_modules')],
    metafile: true,
    logLevel: 'error',
  });
  const loaded = new Set<string>();
  const load = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const { path, kind } of metafile.outputs[file]?.imports ?? []) if (kind === 'import-statement') load(path);
  };
  for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint !== undefined && join(root, entryPoint) === entry) load(file);
  }
  return [...loaded].map((file) => readFileSync(join(root, file)));
}
