import { spawn } from 'node:child_process';
import { descendantsOf, isRunning } from '../packages/cli/test/processes.ts';

// Runs a command that starts the gallery's first app (`node scripts/smoke.ts npm start`), uses what it prints as a user would, stops it by
// Ctrl-C, and looks that nothing is left. Prints a line for each thing that it has seen; fails at the first that is wrong.
const [command, ...parameters] = process.argv.slice(2);
if (command === undefined) throw new Error('which command? node scripts/smoke.ts npm start');

const START_MS = 120_000;
const STOP_MS = 20_000;

/** A group of its own, as a terminal makes one: Ctrl-C goes to all of it. */
const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
let written = '';
child.stdout.on('data', (chunk: Buffer) => {
  written += chunk.toString();
});
const ended = new Promise<number | string | null>((resolve) =>
  child.once('exit', (code, signal) => resolve(code ?? signal)),
);

try {
  await run();
} catch (error) {
  process.stdout.write(`not ok - ${error instanceof Error ? error.message : String(error)}\n${written}\n`);
  process.exitCode = 1;
  killGroup();
}

async function run(): Promise<void> {
  const name = [command, ...parameters].join(' ');
  await waitFor(/Ready/, START_MS);
  seen(`${name}: is ready`);
  const api = find(/Url +(http:\S+)/);
  const page = find(/(http:\S+\/_skein\/)/);
  const order = { item: 'tea', quantity: 2 };
  const posted = await fetch(`${api}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  check(posted.status === 201, `POST /orders was answered with ${posted.status} ${await posted.clone().text()}`);
  const { id } = (await posted.json()) as { id: string };
  const read = await (await fetch(`${api}/orders/${id}`)).json();
  check(JSON.stringify(read).includes('"tea"'), `GET /orders/${id} was answered with ${JSON.stringify(read)}`);
  seen(`${name}: an order was created and read through HTTP, a function and a table`);
  check((await (await fetch(page)).text()).includes('<title>Skein</title>'), `${page} is not the page`);
  const stacks = JSON.stringify(await (await fetch(`${page}api/stacks`)).json());
  check(stacks.includes('CREATE_COMPLETE') || stacks.includes('UPDATE_COMPLETE'), `the page lists ${stacks}`);
  const hops = JSON.stringify(await (await fetch(`${page}api/hops`)).json());
  check(hops.includes('"PutItem"') && hops.includes('"Invoke"'), `the page lists these hops: ${hops}`);
  seen(`${name}: the page shows the stack and the hops of the order`);
  const processes = descendantsOf(child.pid ?? 0);
  process.kill(-(child.pid ?? 0), 'SIGINT');
  const code = await within(STOP_MS, ended, 'it does not stop');
  // npm ends itself by the signal that it was sent.
  check(code === 0 || code === 'SIGINT', `it ended with ${code}`);
  await within(STOP_MS, untilGone(processes), 'processes are left');
  seen(`${name}: stops at Ctrl-C, and none of its ${processes.length} processes is left`);
}

/** Ends what is left of it, if anything is. */
function killGroup(): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing was left.
  }
}

async function waitFor(pattern: RegExp, ms: number): Promise<void> {
  const found = new Promise<void>((resolve) => {
    child.stdout.on('data', () => {
      if (pattern.test(written)) resolve();
    });
  });
  const early = ended.then((code) => {
    throw new Error(`it ended with ${code} before ${pattern}`);
  });
  await within(ms, Promise.race([found, early]), `it did not print ${pattern}`);
}

/** Ends of processes cannot be waited for from outside: they are looked for. */
async function untilGone(processes: readonly number[]): Promise<void> {
  while (processes.some(isRunning)) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function within<T>(ms: number, promise: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${otherwise} within ${ms / 1000} s`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function find(pattern: RegExp): string {
  const found = pattern.exec(written)?.[1];
  if (found === undefined) throw new Error(`it printed nothing like ${pattern}`);
  return found;
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

function seen(what: string): void {
  process.stdout.write(`ok - ${what}\n`);
}
