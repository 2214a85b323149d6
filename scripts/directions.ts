import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importsBelow } from './directions/imports.ts';
import { folderOffences, packageOffences } from './directions/rules.ts';

// Checks that imports go only in the directions that the design names.
const root = fileURLToPath(new URL('../', import.meta.url));
const folders = ['lambda', 'patterns', 'cloud', 'audit', 'explorer', 'cli'].map((name) => `packages/${name}/src`);
const imports = [...folders, 'gallery']
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) => importsBelow(root, folder));
const offences = [...packageOffences(imports), ...folderOffences(imports)];
for (const { file, line, specifier, rule } of offences) {
  process.stdout.write(`${file}:${line}: imports '${specifier}', but ${rule}\n`);
}
process.stdout.write(`${imports.length} imports, ${offences.length} in a wrong direction\n`);
process.exitCode = offences.length === 0 ? 0 : 1;
