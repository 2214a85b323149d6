import { fileURLToPath } from 'node:url';
import { peers } from '../peers.ts';
import { alone, atMost, beside, median, type Row, type RunOptions } from '../row.ts';
import { Server } from '../server.ts';
import { createTable } from './amazon.ts';

const server = (name: string): string => fileURLToPath(new URL(`servers/${name}.mjs`, import.meta.url));

/** From a fresh process to a new table, ms, and the resident memory then, MB. */
async function start(module: string, parameters: readonly string[]): Promise<{ time: number; memory: number }> {
  const before = performance.now();
  await using started = await Server.start(module, parameters);
  await createTable(started.port, 'first');
  return { time: performance.now() - before, memory: started.memory };
}

/** Start of a fresh process to the first successful call. */
export async function startUp({ rounds, log }: RunOptions): Promise<Row[]> {
  const modules = peers('dynalite', { dynalite: '4.0.0' });
  log('start to the first call');
  const results: { ours: Awaited<ReturnType<typeof start>>; theirs: Awaited<ReturnType<typeof start>> }[] = [];
  for (let round = 0; round <= rounds * 2; round++) {
    results.push({ ours: await start(server('skein'), []), theirs: await start(server('dynalite'), [modules]) });
  }
  results.shift(); // the first reads the disk
  const peer = { name: 'dynalite', value: median(results.map(({ theirs }) => theirs.time)) };
  return [
    beside('start to the first call', 'ms', median(results.map(({ ours }) => ours.time)), peer, atMost(0.8)),
    alone('idle memory', 'MB', median(results.map(({ ours }) => ours.memory)), atMost(90)),
  ];
}
