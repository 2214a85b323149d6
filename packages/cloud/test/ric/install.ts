import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs the real Runtime Interface Clients into this folder, once, without running what they bring.
 *
 * @returns why they are not there; undefined when they are
 */
export function installRic(): string | undefined {
  const folder = import.meta.dirname;
  if (existsSync(join(folder, 'node_modules', 'aws-lambda-ric'))) return undefined;
  const { status, error, stderr } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (status === 0) return undefined;
  return error?.message ?? (stderr.trim().split('\n').slice(0, 3).join(' ') || `npm ci ended with ${status}`);
}
