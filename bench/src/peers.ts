import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The folder of a bench's peers, installed at first use.
 *
 * @param packages - exact versions by name
 */
export function peers(bench: string, packages: Readonly<Record<string, string>>): string {
  const folder = fileURLToPath(new URL(`../peers/${bench}/`, import.meta.url));
  const manifest = `${JSON.stringify({ private: true, dependencies: packages }, undefined, 2)}\n`;
  const path = `${folder}package.json`;
  if (existsSync(path) && existsSync(`${folder}node_modules`) && readFileSync(path, 'utf8') === manifest) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, manifest);
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' });
  return folder;
}
