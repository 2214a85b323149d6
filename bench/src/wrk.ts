import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A request that wrk sends again and again. */
export interface Load {
  readonly headers: Readonly<Record<string, string>>;
  /** The body: a text; or as `{ lua }` an expression that gives one from `n`, the number of the request. */
  readonly body: string | { readonly lua: string };
  readonly path?: string;
  readonly connections: number;
  readonly seconds: number;
}

/** What came of it. */
export interface LoadResult {
  readonly requests: number;
  /** Requests a second. */
  readonly rate: number;
}

/**
 * Sends one kind of request as fast as it is answered, over keep-alive connections.
 *
 * @throws {Error} when an answer was not 2xx: a bench of refusals measures nothing
 */
export async function wrk(
  port: number,
  { headers, body, path = '/', connections, seconds }: Load,
): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-wrk-'));
  try {
    const script = join(folder, 'load.lua');
    const head = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    // The head is made once: wrk's own formatting of each request would be what is measured.
    writeFileSync(
      script,
      typeof body === 'string'
        ? fixed(path, headers, body)
        : `local head = ${JSON.stringify(`POST ${path} HTTP/1.1\r\n${head.join('')}content-length: `)}
local n = math.floor(os.time() % 1000) * 100000
request = function()
  n = n + 1
  local body = ${body.lua}
  return head .. #body .. "\\r\\n\\r\\n" .. body
end
${DONE}`,
    );
    const options = [
      '-t',
      '1',
      '-c',
      String(connections),
      '-d',
      `${seconds}s`,
      '-s',
      script,
      `http://127.0.0.1:${port}`,
    ];
    const { stdout } = await promisify(execFile)('wrk', options).catch(missing);
    const [, requests, duration, errors] = /RESULT (\d+) (\d+) (\d+)/.exec(stdout) ?? [];
    if (requests === undefined) throw new Error(`wrk said nothing that can be read:\n${stdout}`);
    if (Number(errors) > 0) throw new Error(`${errors} of ${requests} answers were errors`);
    return { requests: Number(requests), rate: (Number(requests) * 1e6) / Number(duration) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Says at the end what came of it, for us to read. */
const DONE = `done = function(summary)
  io.write(string.format("RESULT %d %d %d\\n", summary.requests, summary.duration, summary.errors.status))
end
`;

/** Always the same request: wrk makes it once. */
const fixed = (path: string, headers: Load['headers'], body: string): string =>
  [
    `wrk.method = "POST"`,
    `wrk.path = ${JSON.stringify(path)}`,
    `wrk.body = ${JSON.stringify(body)}`,
    ...Object.entries(headers).map(
      ([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`,
    ),
    DONE,
  ].join('\n');

function missing(error: NodeJS.ErrnoException): never {
  throw error.code === 'ENOENT' ? new Error('wrk is not installed (Debian: apt-get install wrk)') : error;
}
