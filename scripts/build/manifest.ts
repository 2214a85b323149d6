import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT: string = fileURLToPath(new URL('../../', import.meta.url));

/** The packages that are published, by folder, in the order in which they are built. */
export const PACKAGES: readonly string[] = ['lambda', 'patterns', 'cloud', 'explorer', 'cli'];

/** One file that others import: its source, and where the build of it goes. Paths are relative to the package. */
export interface Entry {
  /** `src/api/index.ts` */
  readonly source: string;
  /** `dist/api/index.js` */
  readonly module: string;
  /** `dist/api/index.cjs`, where the package has a CommonJS form. */
  readonly commonJs: string | undefined;
}

interface Conditions {
  readonly 'skein:source'?: string;
  readonly require?: string;
  readonly default?: string;
}

/** What a package exports, by its manifest; the command's own file too. */
export function entriesOf(name: string): Entry[] {
  const manifest = JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8')) as {
    exports?: Record<string, Conditions>;
    bin?: unknown;
  };
  const entries = Object.entries(manifest.exports ?? {}).flatMap(([subpath, conditions]) => {
    const { 'skein:source': source, default: module, require: commonJs } = conditions;
    if (typeof conditions === 'string') return [];
    if (source === undefined || module === undefined) {
      throw new Error(`packages/${name}/package.json: exports '${subpath}' needs 'skein:source' and 'default'`);
    }
    return [
      { source: trim(source), module: trim(module), commonJs: commonJs === undefined ? undefined : trim(commonJs) },
    ];
  });
  if (manifest.bin !== undefined) entries.push({ source: 'src/bin.ts', module: 'dist/bin.js', commonJs: undefined });
  return entries;
}

/** The folder of a package. */
export const folderOf = (name: string): string => join(ROOT, 'packages', name);

const trim = (path: string): string => path.replace(/^\.\//, '');
