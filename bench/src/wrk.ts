import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A request that wrk sends again and again. */
export interface Load {
  readonly headers: Readonly<Record<string, string>>;
  /** The body: Lua that gives a text from `n`, the number of the request on its connection's thread. */
  readonly body: string;
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
    const lines = Object.entries(headers).map(
      ([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`,
    );
    writeFileSync(
      script,
      `wrk.method = "POST"\nwrk.path = ${JSON.stringify(path)}\n${lines.join('\n')}\nlocal n = math.floor(os.time() % 1000) * 100000\nrequest = function()\n  n = n + 1\n  return wrk.format(nil, nil, nil, ${body})\nend\ndone = function(summary)\n  io.write(string.format("RESULT %d %d %d\\n", summary.requests, summary.duration, summary.errors.status))\nend\n`,
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

function missing(error: NodeJS.ErrnoException): never {
  throw error.code === 'ENOENT' ? new Error('wrk is not installed (Debian: apt-get install wrk)') : error;
}
