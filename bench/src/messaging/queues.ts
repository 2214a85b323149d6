import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peers } from '../peers.ts';
import { atLeast, atMost, beside, type Goal, median, type Row, type RunOptions } from '../row.ts';
import { Server } from '../server.ts';
import { callSqs } from './amazon.ts';
import { fill } from './fill.ts';
import { type Figures, load, type Work } from './load.ts';
import { local, SKEIN } from './process.ts';

/** A queue, with messages in it. */
async function queue(port: number, name: string, { fifo = false, messages = 0, groups = 1 } = {}): Promise<string> {
  const { QueueUrl } = (await callSqs(port, 'CreateQueue', {
    QueueName: fifo ? `${name}.fifo` : name,
    Attributes: fifo ? { FifoQueue: 'true' } : {},
  })) as { QueueUrl: string };
  await fill(port, QueueUrl, messages, fifo ? groups : undefined);
  return QueueUrl;
}

interface Contest {
  readonly name: string;
  readonly fifo: boolean;
  readonly kind: Work['kind'];
  readonly inMemory: Goal;
  readonly onFile: Goal;
}

const CONTESTS: readonly Contest[] = [
  { name: 'SendMessage', fifo: false, kind: 'send', inMemory: atLeast(2), onFile: atLeast(1) },
  { name: 'Send, Receive, Delete', fifo: false, kind: 'cycle', inMemory: atLeast(2), onFile: atLeast(1) },
  { name: 'FIFO Send, Receive, Delete', fifo: true, kind: 'cycle', inMemory: atLeast(1.3), onFile: atLeast(1) },
];

/** SQS through raw HTTP beside fauxqs, in memory and on a file. */
export async function queues({ rounds, log }: RunOptions): Promise<Row[]> {
  const modules = peers('fauxqs', { fauxqs: '2.4.1' });
  const rows: Row[] = [];
  for (const place of ['memory', 'file'] as const) {
    for (const { name, fifo, kind, inMemory, onFile } of CONTESTS) {
      log(`${name} in ${place}`);
      const folder = mkdtempSync(join(tmpdir(), 'bench-queues-'));
      try {
        const on = (who: string): string[] => (place === 'file' ? [join(folder, who)] : []);
        await using ours = await Server.start(SKEIN, on('skein'));
        await using theirs = await Server.start(local('fauxqs'), [modules, ...on('fauxqs')]);
        const groups = fifo ? 100 : undefined;
        const measure = async (server: Server, round: number): Promise<Figures> => {
          // A queue of its own for each round: what earlier ones left must not count.
          const queueUrl = await queue(server.port, `round-${round}`, { fifo });
          return load(server, { queueUrl, kind, groups });
        };
        for (const server of [ours, theirs]) await measure(server, 0); // warm up
        const results: { ours: Figures; theirs: Figures }[] = [];
        for (let round = 1; round <= rounds; round++) {
          results.push({ ours: await measure(ours, round), theirs: await measure(theirs, round) });
        }
        const of = (who: 'ours' | 'theirs', what: keyof Figures): number =>
          median(results.map((result) => result[who][what]));
        rows.push(
          beside(
            `${name}, ${place}`,
            'messages/s',
            of('ours', 'rate'),
            { name: 'fauxqs', value: of('theirs', 'rate') },
            place === 'memory' ? inMemory : onFile,
          ),
          beside(
            `${name}, ${place}, server CPU`,
            'µs a request',
            of('ours', 'cpu'),
            { name: 'fauxqs', value: of('theirs', 'cpu') },
            place === 'memory' && !fifo ? atMost(0.5) : undefined,
          ),
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  }
  return rows;
}

/** Long queues beside short ones. */
export async function growth({ rounds, log }: RunOptions): Promise<Row[]> {
  const rows: Row[] = [];
  const contests = [
    { name: '1,000,000 messages', fifo: false, few: 1000, many: 1_000_000, groups: [undefined, undefined], goal: 0.7 },
    { name: '100,000 groups', fifo: true, few: 1000, many: 100_000, groups: [100, 100_000], goal: 0.4 },
  ] as const;
  for (const { name, fifo, few, many, groups, goal } of contests) {
    log(`filling a queue with ${name}`);
    await using server = await Server.start(SKEIN);
    const short = {
      queueUrl: await queue(server.port, 'short', { fifo, messages: few, groups: groups[0] ?? 1 }),
      groups: groups[0],
    };
    const long = {
      queueUrl: await queue(server.port, 'long', { fifo, messages: many, groups: groups[1] ?? 1 }),
      groups: groups[1],
    };
    for (const each of [short, long]) await load(server, { ...each, kind: 'cycle' });
    const ratios: { short: number; long: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      ratios.push({
        short: (await load(server, { ...short, kind: 'cycle' })).rate,
        long: (await load(server, { ...long, kind: 'cycle' })).rate,
      });
    }
    const peer = { name: 'a short queue', value: median(ratios.map((ratio) => ratio.short)) };
    rows.push(
      beside(`a queue of ${name}`, 'messages/s', median(ratios.map((ratio) => ratio.long)), peer, atLeast(goal)),
    );
  }
  return rows;
}
