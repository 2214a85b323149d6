import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peers } from '../peers.ts';
import { alone, atLeast, atMost, beside, type Goal, median, type Row, type RunOptions } from '../row.ts';
import { Server } from '../server.ts';
import { wrk } from '../wrk.ts';
import { callDynamodb, createTable, dynamodbHeaders } from './amazon.ts';

const server = (name: string): string => fileURLToPath(new URL(`servers/${name}.mjs`, import.meta.url));
/** What an item has besides its key and the number that changes: ten attributes in all, about 1 KB. */
const CONTENT = {
  customer: { S: 'c'.repeat(200) },
  address: { S: 'a'.repeat(300) },
  note: { S: 'n'.repeat(200) },
  open: { BOOL: true },
  total: { N: '1234.56' },
  tags: { SS: ['new', 'gift', 'express'] },
  lines: {
    L: [{ M: { item: { S: 'tea' }, quantity: { N: '2' } } }, { M: { item: { S: 'milk' }, quantity: { N: '1' } } }],
  },
};
/** Of a million items in memory: SQLite's memory holds 1 GB. */
const SMALL_CONTENT = { customer: { S: 'c'.repeat(100) }, open: { BOOL: true }, total: { N: '1234.56' } };
const CONNECTIONS = 32;
const SECONDS = 2;

/** One operation under load: the Lua text of its body, from `n`. Puts and updates write content that changes. */
interface Operation {
  readonly name: string;
  readonly body: string;
  readonly rateInMemory: Goal;
  readonly rateOnFile: Goal;
}

const key = (items: string): string =>
  `{"pk":{"S":"p' .. math.floor((n * 7919 % ${items}) / 10) .. '"},"sk":{"S":"s' .. (n * 7919 % ${items} % 10) .. '"}}`;
const lua = (text: string): string => `'${text}'`;

/** @param content - of the items that are put: the size of those that they replace */
const operations = (items: number, content: object = CONTENT): readonly Operation[] => {
  const k = key(String(items));
  return [
    {
      name: 'PutItem',
      body: lua(
        `{"TableName":"bench","Item":${k.slice(0, -1)},"n":{"N":"' .. n .. '"},${JSON.stringify(content).slice(1, -1)}}}`,
      ),
      rateInMemory: atLeast(3),
      rateOnFile: atLeast(1.5),
    },
    {
      name: 'GetItem',
      body: lua(`{"TableName":"bench","Key":${k}}`),
      rateInMemory: atLeast(3),
      rateOnFile: atLeast(3),
    },
    {
      name: 'Query',
      body: lua(
        `{"TableName":"bench","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"p' .. math.floor((n * 7919 % ${items}) / 10) .. '"}}}`,
      ),
      rateInMemory: atLeast(5),
      rateOnFile: atLeast(3),
    },
    {
      name: 'UpdateItem',
      body: lua(
        `{"TableName":"bench","Key":${k},"UpdateExpression":"SET n = :n, u = if_not_exists(u, :zero) + :one","ExpressionAttributeValues":{":n":{"N":"' .. n .. '"},":zero":{"N":"0"},":one":{"N":"1"}}}`,
      ),
      rateInMemory: atLeast(3),
      rateOnFile: atLeast(1.5),
    },
  ];
};

/** Fills the table with items of ten to a partition. */
async function fill(port: number, items: number, content: object = CONTENT): Promise<void> {
  await createTable(port, 'bench');
  const BATCH = 25;
  for (let first = 0; first < items; first += BATCH * 8) {
    const batches = Array.from({ length: 8 }, (_, index) => first + index * BATCH).filter((start) => start < items);
    await Promise.all(
      batches.map((start) =>
        callDynamodb(port, 'BatchWriteItem', {
          RequestItems: {
            bench: Array.from({ length: Math.min(BATCH, items - start) }, (_, index) => {
              const n = start + index;
              return {
                PutRequest: {
                  Item: {
                    pk: { S: `p${Math.floor(n / 10)}` },
                    sk: { S: `s${n % 10}` },
                    n: { N: '0' },
                    ...content,
                  },
                },
              };
            }),
          },
        }),
      ),
    );
  }
}

/** Rate, and server CPU for each request in microseconds. */
async function measure(target: Server, { name, body }: Operation): Promise<{ rate: number; cpu: number }> {
  const before = target.cpu;
  const { rate, requests } = await wrk(target.port, {
    headers: dynamodbHeaders(name),
    body: { lua: body },
    connections: CONNECTIONS,
    seconds: SECONDS,
  });
  return { rate, cpu: ((target.cpu - before) * 1000) / requests };
}

/** DynamoDB through raw HTTP beside dynalite, in memory and on a file; and with many items beside few. */
export async function dynamodb({ rounds, log }: RunOptions): Promise<Row[]> {
  const modules = peers('dynalite', { dynalite: '4.0.0' });
  const rows: Row[] = [];
  for (const place of ['memory', 'file'] as const) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-dynamodb-'));
    try {
      const on = (name: string): string[] => (place === 'file' ? [join(folder, name)] : []);
      await using ours = await Server.start(server('skein'), on('skein'));
      await using theirs = await Server.start(server('dynalite'), [modules, ...on('dynalite')]);
      for (const { port } of [ours, theirs]) await fill(port, 1000);
      for (const operation of operations(1000)) {
        log(`${operation.name} in ${place}`);
        for (const target of [ours, theirs]) await measure(target, operation); // warm up
        const results: { ours: Awaited<ReturnType<typeof measure>>; theirs: Awaited<ReturnType<typeof measure>> }[] =
          [];
        for (let round = 0; round < rounds; round++)
          results.push({ ours: await measure(ours, operation), theirs: await measure(theirs, operation) });
        const of = (who: 'ours' | 'theirs', what: 'rate' | 'cpu'): number =>
          median(results.map((result) => result[who][what]));
        const rate = { name: 'dynalite', value: of('theirs', 'rate') };
        const cpu = { name: 'dynalite', value: of('theirs', 'cpu') };
        rows.push(
          beside(
            `${operation.name}, ${place}`,
            'requests/s',
            of('ours', 'rate'),
            rate,
            place === 'memory' ? operation.rateInMemory : operation.rateOnFile,
          ),
          beside(
            `${operation.name}, ${place}, server CPU`,
            'µs',
            of('ours', 'cpu'),
            cpu,
            place === 'memory' ? atMost(1 / 3) : undefined,
          ),
        );
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return rows;
}

/** A million items beside a thousand, in memory and on a file. */
export async function growth({ rounds, log }: RunOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const place of ['memory', 'file'] as const) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-growth-'));
    try {
      const on = (name: string): string[] => (place === 'file' ? [join(folder, name)] : []);
      await using few = await Server.start(server('skein'), on('few'));
      await using many = await Server.start(server('skein'), on('many'));
      await fill(few.port, 1000, SMALL_CONTENT);
      log(`filling ${place} with 1,000,000 items`);
      await fill(many.port, 1_000_000, SMALL_CONTENT);
      const small = operations(1000, SMALL_CONTENT);
      const large = operations(1_000_000, SMALL_CONTENT);
      for (const [index, operation] of small.entries()) {
        const twin = large[index];
        if (twin === undefined) continue;
        log(`${operation.name} with 1,000,000 items in ${place}`);
        await measure(few, operation);
        await measure(many, twin);
        const ratios: { few: number; many: number }[] = [];
        for (let round = 0; round < rounds; round++)
          ratios.push({ few: (await measure(few, operation)).rate, many: (await measure(many, twin)).rate });
        const peer = { name: '1,000 items', value: median(ratios.map((ratio) => ratio.few)) };
        rows.push(
          beside(
            `${operation.name} with 1,000,000 items, ${place}`,
            'requests/s',
            median(ratios.map((ratio) => ratio.many)),
            peer,
            atLeast(place === 'memory' ? 0.65 : 0.5),
          ),
        );
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return rows;
}

/** A trivial operation beside the least that a Node server does. */
export async function requests({ rounds, log }: RunOptions): Promise<Row[]> {
  await using ours = await Server.start(server('skein'));
  await using bare = await Server.start(server('bareHttp'));
  const load = { headers: dynamodbHeaders('DescribeEndpoints'), body: '{}', connections: 32, seconds: SECONDS };
  log('DescribeEndpoints beside node:http');
  for (const { port } of [ours, bare]) await wrk(port, load);
  const results: { ours: number; bare: number }[] = [];
  for (let round = 0; round < rounds; round++)
    results.push({ ours: (await wrk(ours.port, load)).rate, bare: (await wrk(bare.port, load)).rate });
  const peer = { name: 'node:http', value: median(results.map((result) => result.bare)) };
  return [
    beside(
      'a trivial operation, 32 connections',
      'requests/s',
      median(results.map((result) => result.ours)),
      peer,
      atLeast(1.2),
    ),
    alone('memory after the load', 'MB', ours.memory),
  ];
}
