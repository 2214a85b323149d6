import { hash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Cloud, Hop } from '@skein/cloud';
import {
  type ExploreContext,
  ExploreFailure,
  type ExploreOptions,
  type ExploreTest,
  explore,
} from '@skein/cloud/explore';
// By their paths: what the bench looks at is not all public.
import { renamedHops } from '../../../packages/cloud/src/explore/names.ts';
import { startSeededCloud } from '../../../packages/cloud/src/explore/seededCloud.ts';
import { uniform } from '../../../packages/cloud/src/explore/strategies.ts';
import { alone, atLeast, atMost, type Row, type RunOptions } from '../row.ts';
import { startBurners } from './burners.ts';
import { writeShop } from './shop.ts';

const EQUAL_RUNS = 1000;
const SCHEDULES = 300;
/** Warm schedules that are timed: some ten seconds, since the speed of a shared machine changes within one. */
const TIMED = 1000;
/** Schedules of one cloud after which the engines of its processes have compiled what is used often: they are warm. */
const WARM_UP = 500;
/** Schedules of a search, processes that are not warm yet included. */
const SEARCH = 500;

/** The figures of repeatable runs. */
export async function run({ only, log }: RunOptions): Promise<Row[]> {
  using shop = writeShop();
  const parts = { schedules, shrinking, races, traces };
  const rows: Row[] = [];
  for (const [name, part] of Object.entries(parts)) {
    if (only !== undefined && name !== only) continue;
    log(name);
    rows.push(...(await part({ app: shop.template, budget: '10 minutes', failures: false })));
  }
  return rows;
}

/** One client for each cloud: making one is no part of a schedule. */
const clients = new WeakMap<Cloud, LambdaClient>();

function clientOf(cloud: Cloud): LambdaClient {
  const known = clients.get(cloud) ?? cloud.client(LambdaClient);
  clients.set(cloud, known);
  return known;
}

const invoke = ({ app, cloud }: ExploreContext, name: string, event: object): Promise<unknown> =>
  clientOf(cloud).send(new InvokeCommand({ FunctionName: app.resource(name), Payload: JSON.stringify(event) }));

/** An order goes through all three functions, while something else is counted: some twenty steps. */
const placeOrder: ExploreTest = async (context) => {
  await Promise.all([invoke(context, 'Accept', { order: 'a' }), invoke(context, 'Report', {})]);
  await context.cloud.settle({ advance: true });
};

/** Two orders at the same time go through all three functions. */
const placeOrders: ExploreTest = async (context) => {
  await Promise.all(['a', 'b'].map((order) => invoke(context, 'Accept', { order })));
  await context.cloud.settle({ advance: true });
};

/** Both charges were counted. */
const ordersAreCounted: ExploreTest = async (context) => {
  await placeOrders(context);
  const { app, cloud } = context;
  const dynamodb = cloud.client(DynamoDBClient);
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: app.resource('Table'), Key: { id: { S: 'charged' } } }),
  );
  dynamodb.destroy();
  if (Item?.['n']?.N !== '2') throw new Error(`${Item?.['n']?.N} charges are counted and 2 were made`);
};

async function schedules(options: ExploreOptions): Promise<Row[]> {
  // While one waits for its turn on a core, another has it.
  const together = 2 * availableParallelism();
  const one = await rateOf({ ...options, parallel: 1 });
  const all = await rateOf({ ...options, parallel: together });
  return [
    alone(`warm schedules of 3 functions, ${together} at a time`, '/s', all.warm, atLeast(100)),
    alone(`the first ${SEARCH} of them, and all that comes before`, 's', all.search),
    alone('warm schedules one at a time', '/s', one.warm),
    alone('steps of such a schedule', '', one.steps),
    alone('time of one step, one schedule at a time', 'ms', 1000 / one.warm / one.steps, atMost(1)),
  ];
}

interface Rates {
  /** Warm schedules in a second. */
  readonly warm: number;
  /** Seconds until the first {@link SEARCH} had passed. */
  readonly search: number;
  /** Of each. */
  readonly steps: number;
}

async function rateOf(options: ExploreOptions & { readonly parallel: number }): Promise<Rates> {
  const before = WARM_UP * options.parallel;
  const start = performance.now();
  let taken = 0;
  let warm = 0;
  let search = 0;
  let steps = 0;
  await explore('orders go through', { ...options, schedules: before + TIMED }, async (context) => {
    if (taken === SEARCH) search = performance.now() - start;
    if (taken++ === before) warm = performance.now();
    await placeOrder(context);
    steps = context.cloud.run.record.steps;
  });
  return { warm: (TIMED / (performance.now() - warm)) * 1000, search: search / 1000, steps };
}

async function shrinking(options: ExploreOptions): Promise<Row[]> {
  const message = (await failureOf(options, ordersAreCounted, 1)).message;
  const [, from, to, runs, seconds] =
    /(\d+) choices that were not the oldest became (\d+) \((\d+) runs, ([\d.]+) s\)/.exec(message) ?? [];
  return [
    alone('choices of a failure', '', Number(from)),
    alone('choices after shrinking', '', Number(to)),
    alone('runs for it', '', Number(runs)),
    alone('time for it', 's', Number(seconds), atMost(1)),
  ];
}

async function races(options: ExploreOptions): Promise<Row[]> {
  const needed: number[] = [];
  for (let seed = 1; seed <= 10; seed++) {
    needed.push((await failureOf(options, ordersAreCounted, seed * 1000)).summary.schedules);
  }
  return [alone('schedules until the race is found, at most of 10 searches', '', Math.max(...needed), atMost(100))];
}

async function failureOf(options: ExploreOptions, test: ExploreTest, seed: number): Promise<ExploreFailure> {
  try {
    await explore('orders are counted', { ...options, seed, schedules: SCHEDULES }, test);
  } catch (error) {
    if (error instanceof ExploreFailure) return error;
    throw error;
  }
  throw new Error('the race was not found');
}

async function traces({ app }: ExploreOptions): Promise<Row[]> {
  const idle = await equalTraces(app);
  await using _burners = startBurners(2);
  const busy = await equalTraces(app, idle.trace);
  const goal = atLeast(EQUAL_RUNS);
  return [
    alone(`equal traces of ${EQUAL_RUNS} runs of one seed`, '', idle.equal, goal),
    alone('the same beside two CPU burners', '', busy.equal, goal),
  ];
}

/** Runs one schedule again and again, and counts how often it gives the trace of the first time. */
async function equalTraces(
  source: ExploreOptions['app'],
  expected?: string,
): Promise<{ readonly equal: number; readonly trace: string }> {
  const seed = 7;
  await using cloud = await startSeededCloud({ now: new Date(0) }, { seed, strategy: uniform(seed) });
  const app = await cloud.deploy(source);
  let first = expected;
  let equal = 0;
  for (let time = 0; time < EQUAL_RUNS; time++) {
    await cloud.reset({ seed, strategy: uniform(seed) });
    await placeOrders({ app, cloud });
    const trace = digestOf(cloud);
    first ??= trace;
    if (trace === first) equal++;
  }
  return { equal, trace: first ?? '' };
}

/** All of a trace but what is the machine's: durations. */
const digestOf = ({ trace }: Cloud): string =>
  hash(
    'sha256',
    JSON.stringify(renamedHops(trace.all(), (text) => text).map(({ duration: _, ...hop }: Hop) => hop)),
    'hex',
  );
