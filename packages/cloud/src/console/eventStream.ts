import type { ServerResponse } from 'node:http';
import { wall } from '../kernel/clock.ts';
import type { ConsoleEvents, HopRecord } from './api.ts';
import { recordOf } from './hops.ts';
import { LogTail } from './logs.ts';
import type { ConsoleSource } from './source.ts';
import { stacksOf } from './stacks.ts';

/** How often hops are sent: often enough to look live, seldom enough to cost nothing. */
const HOPS_MS = 100;
/** How often stacks and log lines are looked for, while a page is open. */
const LOOK_MS = 400;
/** More hops than this in one interval are counted, not sent. */
const MAX_HOPS = 200;
const MAX_LINES = 1_000;
/** Something is sent at least this often, so that a dead connection is found. */
const ALIVE_MS = 15_000;

/** Answers `GET events`: what happens, as it happens, until the client goes. */
export function streamEvents(source: ConsoleSource, group: string | undefined, outgoing: ServerResponse): void {
  outgoing.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  outgoing.write('retry: 1000\n\n');
  let open = true;
  let sentAt = wall.elapsed();
  const send = <Name extends keyof ConsoleEvents>(name: Name, data: ConsoleEvents[Name]): void => {
    if (!open) return;
    sentAt = wall.elapsed();
    outgoing.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const hops = followHops(source, outgoing, send);
  const tail = group === undefined ? undefined : new LogTail(source.aws, group);
  let stacks = '';
  let timer: Disposable | undefined;
  const look = async (): Promise<void> => {
    const current = await stacksOf(source.aws).catch(() => undefined);
    const text = current === undefined ? stacks : JSON.stringify(current);
    if (current !== undefined && text !== stacks) send('stacks', current);
    stacks = text;
    const lines = await tail?.next(MAX_LINES).catch(() => []);
    if (lines !== undefined && lines.length > 0) send('logs', lines);
    if (open && wall.elapsed() - sentAt > ALIVE_MS) {
      sentAt = wall.elapsed();
      outgoing.write(':\n\n');
    }
    if (open) timer = wall.after(LOOK_MS, () => void look());
  };
  outgoing.once('close', () => {
    open = false;
    hops[Symbol.dispose]();
    timer?.[Symbol.dispose]();
  });
  void look();
}

type Send = <Name extends keyof ConsoleEvents>(name: Name, data: ConsoleEvents[Name]) => void;

function followHops({ trace }: ConsoleSource, outgoing: ServerResponse, send: Send): Disposable {
  let batch: HopRecord[] = [];
  let missed = 0;
  let timer: Disposable | undefined;
  const flush = (): void => {
    timer = undefined;
    const sent = { hops: batch, missed };
    batch = [];
    missed = 0;
    send('hops', sent);
  };
  const listening = trace.listen((hop) => {
    // A client that does not keep up gets a number instead of a growing buffer.
    if (batch.length < MAX_HOPS && !outgoing.writableNeedDrain) batch.push(recordOf(hop));
    else missed++;
    timer ??= wall.after(HOPS_MS, flush);
  });
  return {
    [Symbol.dispose]() {
      listening[Symbol.dispose]();
      timer?.[Symbol.dispose]();
    },
  };
}
