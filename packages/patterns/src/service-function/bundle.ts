import { basename, extname, join } from 'node:path';
import { buildSync } from 'esbuild';

/** Packages that the Lambda runtime has: they stay out of the bundle. */
const RUNTIME_PACKAGES = ['@aws-sdk/*', '@smithy/*'];

/** What a bundled CommonJS dependency may use in an ES module. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/**
 * Bundles a function's module and all that it imports into one ES module with its source map.
 *
 * @throws esbuild's own error, with file and line, when the module does not build
 */
export function bundle(entry: string, outputFolder: string): void {
  buildSync({
    entryPoints: [entry],
    outfile: join(outputFolder, `${basename(entry, extname(entry))}.mjs`),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    conditions: conditions(),
    sourcemap: true,
    sourcesContent: false,
    external: RUNTIME_PACKAGES,
    banner: { js: REQUIRE },
    logLevel: 'silent',
  });
}

/** The conditions under which the app itself runs: its functions see the same packages. */
const conditions = (): string[] =>
  process.execArgv.flatMap((argument) => /^(?:--conditions=|-C=?)(.+)$/.exec(argument)?.[1] ?? []);
