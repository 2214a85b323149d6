import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { alone, atMost, beside, median, type Row, type RunOptions } from '../row.ts';
import { cases } from './events.ts';
import type { LogResult } from './logChild.ts';
import { bundle, bundleContestants, bundleSplit, CONTESTANTS, installPeers } from './peers.ts';
import type { RoutesResult } from './routesChild.ts';
import type { WarmResult } from './warmChild.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** Of events: those of REST APIs and those of HTTP APIs. */
const VERSIONS = ['v1', 'v2'];
/** Processes of a contestant: an app each, and one kind of events. */
const FUNCTIONS = VERSIONS.flatMap((version) => ['handler', 'withMiddleware'].map((app) => [version, app] as const));
/** Contestants that need so long that fewer calls must do. */
const SLOW = new Set(['hono', 'lambda-api', 'powertools', 'fastify']);

function child<T>(script: string, ...args: readonly string[]): T {
  return childOf(process.execPath, script, ...args);
}

function childOf<T>(node: string, script: string, ...args: readonly string[]): T {
  const output = execFileSync(node, [join(here, script), ...args], { encoding: 'utf8', maxBuffer: 1e8 });
  // Each script writes what its result type says.
  return JSON.parse(output) as T;
}

const add = (map: Map<string, number[]>, key: string, value: number): void => {
  map.set(key, [...(map.get(key) ?? []), value]);
};

/** Calls of each case in a round, and cold starts of each contestant. */
const ITERATIONS = 20_000;
const COLD_STARTS = 15;

/** Binaries of other versions of Node that cold starts are measured on too, separated as in PATH. */
const OTHER_NODES = process.env['BENCH_NODES']?.split(delimiter) ?? [];

/** Measures `@skein/lambda/api` beside a hand-written switch and its peers, in CPU time. `only` is one of warm, cold, size, log, routes. */
export async function run({ rounds, only, log }: RunOptions): Promise<Row[]> {
  installPeers();
  const files = await bundleContestants();
  const parts: Record<string, () => Row[] | Promise<Row[]>> = {
    warm: () => warmRows(files, rounds),
    cold: () => [process.execPath, ...OTHER_NODES].flatMap((node) => coldRows(files, node)),
    size: sizeRows,
    log: () => logRows(rounds),
    routes: () => routeRows(rounds),
  };
  const rows: Row[] = [];
  for (const [part, measure] of Object.entries(parts)) {
    if (only !== undefined && !part.includes(only)) continue;
    log(`api: ${part}`);
    rows.push(...(await measure()));
  }
  return rows;
}

function warmRows(files: ReadonlyMap<string, string>, rounds: number): Row[] {
  const whole = new Map<string, number[]>();
  const only = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, file] of files) {
      const calls = SLOW.has(name) ? ITERATIONS / 10 : ITERATIONS;
      // A function is one app, behind a gateway of one kind.
      for (const [version, app] of FUNCTIONS) {
        for (const result of child<WarmResult[]>('warmChild.ts', file, String(calls), version, app)) {
          add(whole, `${name}, ${result.name}`, result.whole);
          add(only, `${name}, ${result.name}`, result.handlerOnly);
        }
      }
    }
  }
  const of = (map: Map<string, number[]>, contestant: string, name: string): number =>
    median(map.get(`${contestant}, ${name}`) ?? []);
  const rows: Row[] = [];
  for (const { name } of cases) {
    const bare = { name: 'bare', value: of(whole, 'bare', name) };
    for (const contestant of CONTESTANTS) {
      if (contestant === 'bare') continue;
      const goal = contestant.startsWith('skein') ? atMost(1.15) : undefined;
      rows.push(beside(`${contestant}: ${name}, whole round`, 'µs CPU', of(whole, contestant, name), bare, goal));
    }
  }
  for (const version of VERSIONS) {
    const name = `parameter among 50, ${version}`;
    rows.push(alone(`skein: ${name}, handler only`, 'µs CPU', of(only, 'skein', name), atMost(2)));
  }
  return rows;
}

function coldRows(files: ReadonlyMap<string, string>, node: string): Row[] {
  const [{ text } = { text: '' }] = cases;
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().split('.')[0];
  const cpu = new Map<string, number[]>();
  for (let start = 0; start < COLD_STARTS; start++) {
    for (const [name, file] of files) add(cpu, name, childOf<{ cpu: number }>(node, 'coldChild.mjs', file, text).cpu);
  }
  const bare = median(cpu.get('bare') ?? []);
  const above = (name: string): number => median(cpu.get(name) ?? []) - bare;
  const middy = { name: 'middy', value: above('middy') };
  return [...files.keys()]
    .filter((name) => name !== 'bare')
    .map((name) => {
      const goal = name.startsWith('skein') ? atMost(0.5) : undefined;
      return beside(`${name}: cold on Node ${version}, above bare`, 'ms CPU', above(name), middy, goal);
    });
}

async function sizeRows(): Promise<Row[]> {
  const zipped = (file: string): number => sizeOf(readFileSync(file));
  const sizeOf = (bytes: Buffer): number => gzipSync(bytes, { level: 9 }).length;
  const core = await bundle(join(here, 'contestants', 'hello.mjs'), 'hello');
  const all = await bundle(join(here, 'contestants', 'hello-whole.mjs'), 'hello-whole');
  const split = await bundleSplit(join(here, 'contestants', 'hello-whole.mjs'), 'split');
  const atStart = split.map(sizeOf).reduce((sum, size) => sum + size, 0);
  return [
    alone('hello world on @skein/lambda/api/core, one file', 'bytes gzipped', zipped(core), atMost(8192)),
    alone('hello world on @skein/lambda/api, one file', 'bytes gzipped', zipped(all)),
    alone('hello world on @skein/lambda/api, split, loaded at the start', 'bytes gzipped', atStart),
  ];
}

async function logRows(rounds: number): Promise<Row[]> {
  const file = await bundle(join(here, 'contestants', 'whole.mjs'), 'whole');
  const results = Array.from({ length: rounds }, () => child<LogResult>('logChild.ts', file));
  const of = (key: keyof LogResult): number => median(results.map((result) => result[key]));
  const byHand = { name: 'writeSync(JSON.stringify(entry))', value: of('byHand') };
  const empty = { name: 'empty function', value: of('empty') };
  return [
    beside('access log line', 'µs CPU', of('access'), byHand, atMost(1.2)),
    beside('log call of a disabled level', 'ns CPU', of('disabled'), empty, atMost(1.25)),
  ];
}

async function routeRows(rounds: number): Promise<Row[]> {
  const file = await bundle(join(here, 'contestants', 'whole.mjs'), 'whole');
  const results = Array.from({ length: rounds }, () => child<RoutesResult>('routesChild.ts', file));
  const few = { name: 'among 10', value: median(results.map((result) => result.few)) };
  return [
    beside('request among 10,000 routes', 'ns CPU', median(results.map((result) => result.many)), few, atMost(1.15)),
  ];
}
