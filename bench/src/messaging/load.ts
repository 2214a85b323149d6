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

/** A request's head up to the length of its body, made once: wrk's own formatting of each request would be what is measured. */
const head = (port: number, operation: string): string =>
  JSON.stringify(
    `POST / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${Object.entries(sqsHeaders(operation))
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}content-length: `,
  );

/** The script of wrk: what to send next depends on what was received. */
function script(port: number, { queueUrl, kind, groups }: Work): string {
  const url = JSON.stringify(queueUrl).slice(1, -1);
  const fifo =
    groups === undefined
      ? ''
      : `,"MessageGroupId":"g' .. (n * 7919 % ${groups}) .. '","MessageDeduplicationId":"' .. run .. n .. '"`;
  return `
local n, turn = 0, 0
local run = math.floor(os.clock() * 1e6) .. '-' .. os.time() .. '-'
local handles, first, last = {}, 1, 0
local sendHead, receiveHead, deleteHead = ${head(port, 'SendMessage')}, ${head(port, 'ReceiveMessage')}, ${head(port, 'DeleteMessage')}
local receiveBody = '{"QueueUrl":"${url}"}'
local receive = receiveHead .. #receiveBody .. '\\r\\n\\r\\n' .. receiveBody
local function send()
  n = n + 1
  local body = '{"QueueUrl":"${url}","MessageBody":"message ' .. n .. ' ${FILLER}"${fifo}}'
  return sendHead .. #body .. '\\r\\n\\r\\n' .. body
end
request = function()
  ${kind === 'send' ? 'if true then return send() end' : ''}
  if first <= last then
    local body = '{"QueueUrl":"${url}","ReceiptHandle":"' .. handles[first] .. '"}'
    handles[first] = nil
    first = first + 1
    return deleteHead .. #body .. '\\r\\n\\r\\n' .. body
  end
  turn = 1 - turn
  if turn == 1 then return send() end
  return receive
end
${
  kind === 'send'
    ? ''
    : `response = function(status, headers, body)
  local _, start = string.find(body, '"ReceiptHandle":"', 1, true)
  if start then
    last = last + 1
    handles[last] = string.sub(body, start + 1, string.find(body, '"', start + 1, true) - 1)
  end
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
    writeFileSync(file, script(server.port, work));
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
