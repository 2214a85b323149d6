import { readdir, readFile } from 'node:fs/promises';

/**
 * Ends the processes whose first variables contain a marker: children of a function in a session of their own, which no signal to its group
 * reaches. Without /proc there is no way to find them.
 */
export async function killMarked(marker: string): Promise<void> {
  if (process.platform !== 'linux') return;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if ((await readFile(`/proc/${name}/environ`, 'latin1')).includes(marker)) process.kill(Number(name), 'SIGKILL');
    } catch {
      // It has gone, or it is somebody else's.
    }
  }
}
