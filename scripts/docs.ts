import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../packages/cli/src/commands/index.ts';
import { commandPage } from './docs/commandPage.ts';
import { coveragePage } from './docs/coverage.ts';
import { readServices } from './docs/services.ts';

// Writes the reference pages that are made from code. `--check` writes nothing and fails when one is not as the code says.
const folder = fileURLToPath(new URL('../docs/reference/', import.meta.url));
const pages: Readonly<Record<string, string>> = {
  'coverage.md': coveragePage(await readServices()),
  'command.md': commandPage(COMMANDS),
};
for (const [name, text] of Object.entries(pages)) {
  const path = join(folder, name);
  const isFresh = existsSync(path) && readFileSync(path, 'utf8') === text;
  if (isFresh) continue;
  if (process.argv.includes('--check')) {
    process.stdout.write(`docs/reference/${name} is not as the code says: npm run docs\n`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    process.stdout.write(`wrote docs/reference/${name}\n`);
  }
}
// A service may hold something that keeps the process alive; there is nothing left to do.
process.exit();
