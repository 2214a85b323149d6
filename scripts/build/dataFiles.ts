import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { folderOf } from './manifest.ts';

const LOCATED = /new URL\(\s*'(\.\/[^']*)',\s*import\.meta\.url\s*\)/g;

/**
 * Copies the files that code locates by `new URL('./…', import.meta.url)` and that Node runs or reads as they are. Chunks lie side by side in
 * `dist`, so what lay below a source's folder goes below `dist`: the whole folder but for TypeScript, since these files may refer to one
 * another.
 *
 * @returns the copied files, relative to `dist`
 * @throws when a located file does not exist, is TypeScript, or when two would go to one place
 */
export function copyDataFiles(name: string): string[] {
  const source = join(folderOf(name), 'src');
  const copied = new Map<string, string>();
  for (const file of sourcesIn(source)) {
    const text = readFileSync(file, 'utf8');
    for (const [, located = ''] of text.matchAll(LOCATED)) {
      if (IS_BUILT_OTHERWISE.has(`${name}/${located}`)) continue;
      const target = join(dirname(file), located);
      if (located.endsWith('.ts')) throw new Error(`${file} locates ${located}, which is not there in the build`);
      if (!existsSync(target)) throw new Error(`${file} locates ${located}, which does not exist`);
      for (const data of dataIn(dirname(file))) copyOnce(data, relative(dirname(file), data));
    }
  }
  return [...copied.keys()];

  function copyOnce(from: string, to: string): void {
    const other = copied.get(to);
    if (other === from) return;
    if (other !== undefined) throw new Error(`${other} and ${from} would both be copied to dist/${to}: rename one`);
    copied.set(to, from);
    cpSync(from, join(folderOf(name), 'dist', to));
  }
}

/** The page is bundled. */
const IS_BUILT_OTHERWISE = new Set(['explorer/./page']);

const sourcesIn = (folder: string): string[] => filesIn(folder).filter((file) => /(?<!\.test)\.ts$/.test(file));
const dataIn = (folder: string): string[] => filesIn(folder).filter((file) => /\.(cjs|mjs|sh|json)$/.test(file));

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
