import { closeSync, openSync, writeSync } from 'node:fs';
import { cases } from './events.ts';

/** Microseconds of CPU: an access entry, and writing the same entry by hand; nanoseconds of a disabled level and of an empty function. */
export interface LogResult {
  readonly access: number;
  readonly byHand: number;
  readonly disabled: number;
  readonly empty: number;
}

interface Api {
  get(path: string, handler: (req: { log: { trace(message: string): void } }) => unknown): unknown;
  readonly handler: (event: object, context: object) => Promise<unknown>;
}

const [file = '', iterationsText = '50000'] = process.argv.slice(2);
const iterations = Number(iterationsText);
// The bench bundles it itself, with this export.
const { createApi } = (await import(file)) as { createApi(options: object): Api };
const out = openSync('/dev/null', 'w');
const context = {
  awsRequestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
  functionName: 'bench',
  memoryLimitInMB: '1024',
  getRemainingTimeInMillis: () => 3000,
};
const event: object = JSON.parse(cases[0]?.text ?? '{}');

async function cpuPerCall(count: number, call: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < count; index++) await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

let last = '';
const write = (line: string): void => {
  last = line;
  writeSync(out, `${line}\n`);
};
const silent = createApi({ logger: { access: 'never', log: write } });
const logging = createApi({ logger: { access: true, log: write } });
for (const api of [silent, logging]) api.get('/health', () => 'ok');

let sink: { trace(message: string): void } | undefined;
const keeps = createApi({ logger: { level: 'info', access: 'never', log: write } });
keeps.get('/health', ({ log }) => {
  sink = log;
  return 'ok';
});
await keeps.handler(event, context);
await logging.handler(event, context);
const entry: unknown = JSON.parse(last);

const measure = async (): Promise<{ without: number; with: number; byHand: number }> => ({
  without: await cpuPerCall(iterations, () => silent.handler(event, context)),
  with: await cpuPerCall(iterations, () => logging.handler(event, context)),
  byHand: await cpuPerCall(iterations, () => write(JSON.stringify(entry))),
});
await measure();
const { without, with: withAccess, byHand } = await measure();

const CALLS = 20_000_000;
const empty = (_message: string): void => undefined;
function nanoseconds(call: (message: string) => void): number {
  const before = process.cpuUsage();
  for (let index = 0; index < CALLS; index++) call('message');
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / CALLS;
}
const trace = sink?.trace ?? empty;
nanoseconds(trace);
nanoseconds(empty);
const result: LogResult = {
  access: withAccess - without,
  byHand,
  disabled: nanoseconds(trace),
  empty: nanoseconds(empty),
};
closeSync(out);
process.stdout.write(JSON.stringify(result));
