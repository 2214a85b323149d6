import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Where the servers and measurements of this bench are. */
export const local = (name: string): string => fileURLToPath(new URL(`servers/${name}.mjs`, import.meta.url));

const foundation = (name: string): string =>
  fileURLToPath(new URL(`../foundation/servers/${name}.mjs`, import.meta.url));

/** The cloud by itself. */
export const SKEIN: string = foundation('skein');
/** The cloud with the functions of a template. */
export const FUNCTIONS: string = foundation('functions');

/** Runs a measurement in a process of its own. @returns what it printed, parsed */
export async function measured<Figures>(name: string, ...parameters: readonly string[]): Promise<Figures> {
  const { stdout } = await promisify(execFile)(process.execPath, [local(name), ...parameters]);
  return JSON.parse(stdout) as Figures; // what each of them prints is its own business
}
