import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Server } from '../server.ts';
import { sqsHeaders } from './amazon.ts';

/** What a connection does again and again. */
export interface Work {
  readonly queueUrl: string;
  /** `send`: nothing else. `cycle`: a message is sent, one is received, and deleted. */
  readonly kind: 'send' | 'cycle';
  /** For a FIFO queue: among how many groups messages are spread. */
  readonly groups?: number | undefined;
}

/** Messages a second (sent, or sent and received and deleted), and server CPU for each request in microseconds. */
export interface Figures {
  readonly rate: number;
  readonly cpu: number;
}

const CONNECTIONS = 16;
const SECONDS = 2;
const FILLER = 'x'.repeat(200);

const luaHeaders = (operation: string): string =>
  `{${Object.entries(sqsHeaders(operation))
    .map(([name, value]) => `[${JSON.stringify(name)}] = ${JSON.stringify(value)}`)
    .join(', ')}}`;

/** The script of wrk: what to send next depends on what was received. */
function script({ queueUrl, kind, groups }: Work): string {
  const url = JSON.stringify(queueUrl).slice(1, -1);
  const fifo =
    groups === undefined
      ? ''
      : `,"MessageGroupId":"g' .. (n * 7919 % ${groups}) .. '","MessageDeduplicationId":"' .. run .. '-' .. n .. '"`;
  return `
local n, turn = 0, 0
local run = math.floor(os.clock() * 1e6) .. '-' .. os.time()
local handles, first, last = {}, 1, 0
local sendHeaders, receiveHeaders, deleteHeaders = ${luaHeaders('SendMessage')}, ${luaHeaders('ReceiveMessage')}, ${luaHeaders('DeleteMessage')}
local function send()
  n = n + 1
  return wrk.format('POST', '/', sendHeaders, '{"QueueUrl":"${url}","MessageBody":"message ' .. n .. ' ${FILLER}"${fifo}}')
end
request = function()
  ${kind === 'send' ? 'if true then return send() end' : ''}
  if first <= last then
    local handle = handles[first]
    handles[first] = nil
    first = first + 1
    return wrk.format('POST', '/', deleteHeaders, '{"QueueUrl":"${url}","ReceiptHandle":"' .. handle .. '"}')
  end
  turn = 1 - turn
  if turn == 1 then return send() end
  return wrk.format('POST', '/', receiveHeaders, '{"QueueUrl":"${url}"}')
end
${
  kind === 'send'
    ? ''
    : `response = function(status, headers, body)
  local handle = string.match(body, '"ReceiptHandle":"([^"]+)"')
  if handle then last = last + 1; handles[last] = handle end
end`
}
done = function(summary)
  io.write(string.format("RESULT %d %d %d\\n", summary.requests, summary.duration, summary.errors.status))
end
`;
}

/** Loads a server. @throws {Error} when an answer was not 2xx */
export async function load(server: Server, work: Work): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-messaging-'));
  try {
    const file = join(folder, 'load.lua');
    writeFileSync(file, script(work));
    const before = server.cpu;
    const { stdout } = await promisify(execFile)('wrk', [
      ...['-t', '1', '-c', String(CONNECTIONS), '-d', `${SECONDS}s`, '-s', file],
      `http://127.0.0.1:${server.port}`,
    ]);
    const cpu = server.cpu - before;
    const [, requests = '', duration = '', errors = ''] = /RESULT (\d+) (\d+) (\d+)/.exec(stdout) ?? [];
    if (Number(errors) > 0 || requests === '') throw new Error(`${errors} of ${requests} answers were errors`);
    const steps = work.kind === 'send' ? 1 : 3;
    return { rate: (Number(requests) * 1e6) / Number(duration) / steps, cpu: (cpu * 1000) / Number(requests) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
