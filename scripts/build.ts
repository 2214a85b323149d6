import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildPage } from '../packages/explorer/src/buildPage.ts';
import { bundle } from './build/bundle.ts';
import { copyDataFiles } from './build/dataFiles.ts';
import { folderOf, PACKAGES } from './build/manifest.ts';
import { buildTypes } from './build/types.ts';

// Builds what is published: `node scripts/build.ts`. `--no-types` leaves the declarations out.
const startedAt = performance.now();
try {
  const bundles = await Promise.all(PACKAGES.map(bundle));
  for (const name of PACKAGES) rmSync(join(folderOf(name), 'dist'), { recursive: true, force: true });
  for (const { path, contents } of bundles.flat()) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  for (const name of PACKAGES) copyDataFiles(name);
  await Promise.all([
    buildPage({ folder: join(folderOf('explorer'), 'dist', 'page') }),
    process.argv.includes('--no-types') ? undefined : buildTypes(),
  ]);
  process.stdout.write(`built ${PACKAGES.length} packages in ${Math.round(performance.now() - startedAt)} ms\n`);
} catch (error) {
  process.stderr.write(`the build failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
