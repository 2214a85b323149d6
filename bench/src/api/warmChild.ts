import { cases } from './events.ts';

/** A module of a contestant. */
interface Contestant {
  readonly handler: (event: unknown, context: unknown) => Promise<{ statusCode: number; body: string }>;
  readonly withMiddleware: Contestant['handler'];
}

/** Microseconds of CPU per call of each case, whole (parse, handle, serialize) and handler only. */
export interface WarmResult {
  readonly name: string;
  readonly whole: number;
  readonly handlerOnly: number;
}

const context = {
  awsRequestId: 'c6af9ac6',
  functionName: 'bench',
  memoryLimitInMB: '1024',
  callbackWaitsForEmptyEventLoop: true,
};

const [file = '', iterationsText = '20000', version, app] = process.argv.slice(2);
const iterations = Number(iterationsText);
// The bench bundles the contestants itself, each with these two exports.
const contestant = (await import(file)) as Contestant;

async function cpuPerCall(count: number, call: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < count; index++) await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

/** How many times as many calls come before those that are measured. */
const WARM_UP = 3;

const results: WarmResult[] = [];
for (const { name, text, entry, status, contains } of cases) {
  if (!name.endsWith(`, ${version}`) || entry !== app) continue;
  const handler = contestant[entry];
  const answer = await handler(JSON.parse(text), context);
  if (answer.statusCode !== status || !answer.body.includes(contains)) {
    throw new Error(`${file}, ${name}: answered ${JSON.stringify(answer)}`);
  }
  const whole = async (): Promise<string> => JSON.stringify(await handler(JSON.parse(text), context));
  const event: unknown = JSON.parse(text);
  const alone = async (): Promise<unknown> => handler(event, context);
  // The engine compiles what is called often, and again what it took for simpler than it is.
  await cpuPerCall(WARM_UP * iterations, whole);
  await cpuPerCall(iterations, alone);
  results.push({ name, whole: await cpuPerCall(iterations, whole), handlerOnly: await cpuPerCall(iterations, alone) });
}
process.stdout.write(JSON.stringify(results));
