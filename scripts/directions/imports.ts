import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One import in one file. */
export interface Import {
  /** Of the file, relative to the root. */
  readonly file: string;
  readonly line: number;
  /** `./queue.ts`, `@skein/cloud` */
  readonly specifier: string;
}

/** Every form in which one file names another, types included. */
const FORMS = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|\brequire\s*\(\s*)(['"])([^'"\n]+)\1/g;
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g;

/** The imports of a file's text. */
export function importsIn(file: string, text: string): Import[] {
  // Comments are blanked, not removed: lines keep their numbers.
  const code = text.replace(COMMENT, (comment) => comment.replace(/[^\n]/g, ' '));
  return [...code.matchAll(FORMS)].map(({ index, 2: specifier = '' }) => ({
    file,
    line: code.slice(0, index).split('\n').length,
    specifier,
  }));
}

/** The imports of all TypeScript files below a folder. */
export function importsBelow(root: string, folder: string): Import[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() &&
        /\.tsx?$/.test(entry.name) &&
        !/\/(node_modules|dist|cdk\.out)\//.test(`${entry.parentPath}/`),
    )
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      return importsIn(path.slice(root.length).replace(/^\//, ''), readFileSync(path, 'utf8'));
    });
}
