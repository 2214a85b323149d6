import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { cases } from './events.ts';
import type { LogResult } from './logChild.ts';
import { bundle, bundleContestants, CONTESTANTS, installPeers, startFiles } from './peers.ts';
import type { RoutesResult } from './routesChild.ts';
import { median, type Row, rounded } from './row.ts';
import type { WarmResult } from './warmChild.ts';

export type { Row } from './row.ts';

/** How long to measure. */
export interface RunOptions {
  /** Rounds; each takes every contestant in turn. @default 5 */
  readonly rounds?: number;
  /** Calls of each case in a round. @default 20000 */
  readonly iterations?: number;
  /** Cold starts of each contestant. @default 15 */
  readonly coldStarts?: number;
}

const here = dirname(fileURLToPath(import.meta.url));

/** Contestants that need so long that fewer calls must do. */
const SLOW = new Set(['hono', 'lambda-api', 'powertools', 'fastify']);

function child<T>(script: string, ...args: readonly string[]): T {
  const output = execFileSync(process.execPath, [join(here, script), ...args], { encoding: 'utf8', maxBuffer: 1e8 });
  // Each script writes what its result type says.
  return JSON.parse(output) as T;
}

const add = (map: Map<string, number[]>, key: string, value: number): void => {
  map.set(key, [...(map.get(key) ?? []), value]);
};

/** Measures `@skein/lambda/api` beside a hand-written switch and its peers, in CPU time. */
export async function run({ rounds = 5, iterations = 20_000, coldStarts = 15 }: RunOptions = {}): Promise<Row[]> {
  installPeers();
  const files = await bundleContestants();
  return [
    ...warmRows(files, rounds, iterations),
    ...coldRows(files, coldStarts),
    ...(await sizeRows()),
    ...(await logRows(rounds)),
    ...(await routeRows(rounds)),
  ];
}

function warmRows(files: ReadonlyMap<string, string>, rounds: number, iterations: number): Row[] {
  const whole = new Map<string, number[]>();
  const alone = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, file] of files) {
      const calls = SLOW.has(name) ? Math.ceil(iterations / 10) : iterations;
      for (const result of child<WarmResult[]>('warmChild.ts', file, String(calls))) {
        add(whole, `${name}, ${result.name}`, result.whole);
        add(alone, `${name}, ${result.name}`, result.handlerOnly);
      }
    }
  }
  const of = (map: Map<string, number[]>, contestant: string, name: string): number =>
    median(map.get(`${contestant}, ${name}`) ?? []);
  const rows: Row[] = [];
  for (const { name } of cases) {
    const bare = of(whole, 'bare', name);
    for (const contestant of CONTESTANTS) {
      if (contestant === 'bare') continue;
      const value = of(whole, contestant, name);
      const ratio = value / bare;
      const ours = contestant === 'skein';
      rows.push({
        name: `${contestant}: ${name}, whole round`,
        value: rounded(value),
        unit: 'µs CPU',
        peer: `bare ${rounded(bare)}`,
        ratio: rounded(ratio),
        goal: ours ? 'at most 1.15 times bare' : '',
        holds: !ours || ratio <= 1.15,
      });
    }
  }
  for (const version of ['v1', 'v2']) {
    const name = `parameter among 50, ${version}`;
    const value = of(alone, 'skein', name);
    const bare = of(alone, 'bare', name);
    rows.push({
      name: `skein: ${name}, handler only`,
      value: rounded(value),
      unit: 'µs CPU',
      peer: `bare ${rounded(bare)}`,
      ratio: rounded(value / bare),
      goal: 'under 2 µs',
      holds: value < 2,
    });
  }
  return rows;
}

function coldRows(files: ReadonlyMap<string, string>, starts: number): Row[] {
  const [{ text } = { text: '' }] = cases;
  const cpu = new Map<string, number[]>();
  for (let start = 0; start < starts; start++) {
    for (const [name, file] of files) add(cpu, name, child<{ cpu: number }>('coldChild.mjs', file, text).cpu);
  }
  const bare = median(cpu.get('bare') ?? []);
  const above = (name: string): number => median(cpu.get(name) ?? []) - bare;
  const middy = above('middy');
  return CONTESTANTS.filter((name) => name !== 'bare').map((name) => {
    const value = above(name);
    const ours = name === 'skein';
    return {
      name: `${name}: cold, load and first request above bare`,
      value: rounded(value),
      unit: 'ms CPU',
      peer: `middy ${rounded(middy)}`,
      ratio: rounded(value / middy),
      goal: ours ? "at most half of middy's" : '',
      holds: !ours || value <= middy / 2,
    };
  });
}

async function sizeRows(): Promise<Row[]> {
  const goal = 8192;
  const zipped = (file: string): number => gzipSync(readFileSync(file), { level: 9 }).length;
  const single = zipped(await bundle(join(here, 'contestants', 'hello.mjs'), 'hello'));
  const atStart = (await startFiles(join(here, 'contestants', 'hello.mjs'))).reduce(
    (sum, file) => sum + zipped(file),
    0,
  );
  const row = (name: string, value: number): Row => ({
    name,
    value,
    unit: 'bytes gzipped',
    peer: '8 KB',
    ratio: rounded(value / goal),
    goal: 'at most 8192',
    holds: value <= goal,
  });
  return [
    row('hello world, one file', single),
    row('hello world, what is loaded at start (bundled with splitting)', atStart),
  ];
}

async function logRows(rounds: number): Promise<Row[]> {
  const file = await bundle(join(here, 'contestants', 'whole.mjs'), 'whole');
  const results = Array.from({ length: rounds }, () => child<LogResult>('logChild.ts', file));
  const of = (key: keyof LogResult): number => median(results.map((result) => result[key]));
  const access = of('access');
  const byHand = of('byHand');
  return [
    {
      name: 'access log line',
      value: rounded(access),
      unit: 'µs CPU',
      peer: `writeSync(JSON.stringify(entry)) ${rounded(byHand)}`,
      ratio: rounded(access / byHand),
      goal: 'at most 1.2 times',
      holds: access <= byHand * 1.2,
    },
    {
      name: 'log call of a disabled level',
      value: rounded(of('disabled')),
      unit: 'ns CPU',
      peer: `empty function ${rounded(of('empty'))}`,
      ratio: rounded(of('disabled') / of('empty')),
      goal: 'within 2 ns of an empty function',
      holds: of('disabled') - of('empty') < 2,
    },
  ];
}

async function routeRows(rounds: number): Promise<Row[]> {
  const file = await bundle(join(here, 'contestants', 'whole.mjs'), 'whole');
  const results = Array.from({ length: rounds }, () => child<RoutesResult>('routesChild.ts', file));
  const few = median(results.map((result) => result.few));
  const many = median(results.map((result) => result.many));
  return [
    {
      name: 'request among 10,000 routes',
      value: rounded(many),
      unit: 'ns CPU',
      peer: `among 10 ${rounded(few)}`,
      ratio: rounded(many / few),
      goal: 'at most 1.15 times',
      holds: many <= few * 1.15,
    },
  ];
}
