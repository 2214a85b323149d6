import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atLeast, atMost, beside, median, type Row, type RunOptions } from '../row.ts';
import { Server } from '../server.ts';
import { wrk } from '../wrk.ts';

const server = (name: string): string => fileURLToPath(new URL(`servers/${name}.mjs`, import.meta.url));
const SECONDS = 2;
const PATH = (name: string): string => `/2015-03-31/functions/${name}/invocations`;
const HEADERS = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=test/20261124/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0123456789abcdef',
  'x-amz-date': '20261124T000000Z',
  'content-type': 'application/json',
};

const CODE = 'exports.handler = async (event) => event;';

/** A template of an echo function and of `count` pairs of functions for cold starts: one that a blank process can take, one that needs a fresh one. */
function template(count: number): string {
  const role = { 'Fn::GetAtt': ['Role', 'Arn'] };
  const fn = (FunctionName: string, Variables: Record<string, string> = {}) => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: role,
      MemorySize: 128,
      Code: { ZipFile: CODE },
      Environment: { Variables },
    },
  });
  const Resources: Record<string, unknown> = {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } },
    },
    Echo: fn('echo'),
  };
  for (let index = 0; index < count; index++) {
    Resources[`Blank${index}`] = fn(`blank${index}`);
    Resources[`Fresh${index}`] = fn(`fresh${index}`, { NODE_OPTIONS: '--no-warnings' });
  }
  return JSON.stringify({ Resources });
}

/** How many answers a bare Runtime API gets in a second. */
async function bareRate(port: number): Promise<number> {
  const answers = async (): Promise<number> => Number(await (await fetch(`http://127.0.0.1:${port}/answers`)).text());
  const [first, before] = [await answers(), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
  return ((await answers()) - first) / ((performance.now() - before) / 1000);
}

async function firstInvocation(port: number, name: string): Promise<number> {
  const before = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}${PATH(name)}`, {
    method: 'POST',
    headers: HEADERS,
    body: '{"hello":"world"}',
  });
  if (!response.ok) throw new Error(`${name} answered ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
  return performance.now() - before;
}

/** What the import of the function's own code takes in a process that has imported something before, ms. */
function ownImport(folder: string): number {
  const path = join(folder, 'index.cjs');
  writeFileSync(path, CODE);
  writeFileSync(join(folder, 'warm.cjs'), '');
  const code = `await import('./warm.cjs'); const before = performance.now(); await import('./index.cjs'); console.log(performance.now() - before);`;
  const run = () => Number(execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: folder }));
  return median(Array.from({ length: 5 }, run));
}

/** Warm invocations beside a bare Runtime API, and cold ones with and without a blank process. */
export async function invoke({ rounds, log }: RunOptions): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-invoke-'));
  const path = join(folder, 'template.json');
  const colds = rounds + 1;
  writeFileSync(path, template(colds));
  try {
    await using ours = await Server.start(server('functions'), [path]);
    const load = { headers: HEADERS, path: PATH('echo'), body: '{"hello":"world"}', seconds: SECONDS };
    const blank: number[] = [];
    const fresh: number[] = [];
    log('cold starts');
    for (let index = 0; index < colds; index++) {
      await new Promise((resolve) => setTimeout(resolve, 1000)); // the pool is filled again
      blank.push(await firstInvocation(ours.port, `blank${index}`));
      fresh.push(await firstInvocation(ours.port, `fresh${index}`));
    }
    log('warm invocations, one at a time');
    for (let round = 0; round < 3; round++) await wrk(ours.port, { ...load, connections: 1 });
    const single: { ours: number; bare: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const rate = (await wrk(ours.port, { ...load, connections: 1 })).rate;
      // Started for its turn alone: it never rests.
      await using bare = await Server.start(server('runtimeApi'));
      await bareRate(bare.port);
      single.push({ ours: rate, bare: await bareRate(bare.port) });
    }
    log('warm invocations, 32 at a time');
    for (let round = 0; round < 8; round++) await wrk(ours.port, { ...load, connections: 32 });
    const many: number[] = [];
    for (let round = 0; round < rounds; round++) many.push((await wrk(ours.port, { ...load, connections: 32 })).rate);
    const own = ownImport(folder);
    const bare = { name: 'bare Runtime API', value: median(single.map((result) => result.bare)) };
    return [
      beside(
        'warm invocations, one at a time',
        'per s',
        median(single.map((result) => result.ours)),
        bare,
        atLeast(0.9),
      ),
      beside('warm invocations, 32 at a time', 'per s', median(many), bare, atLeast(0.8)),
      beside(
        "cold start with a blank process, over the function's own import",
        'ms',
        median(blank.slice(1)) - own,
        { name: 'fresh process', value: median(fresh.slice(1)) - own },
        atMost(0.2),
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
