import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startCloud } from '../src/index.ts';

const APP = fileURLToPath(new URL('../../../gallery/simple-web-service', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skein-state-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A cloud with the gallery's app in a process of its own, which can be killed. */
async function startProcess() {
  const program = `
    const { startCloud } = await import('@skein/cloud');
    const cloud = await startCloud({ folder: ${JSON.stringify(folder)} });
    const app = await cloud.deploy(${JSON.stringify(APP)});
    console.log(JSON.stringify({ endpoint: cloud.url, url: app.outputs.Url, table: app.find('Orders/Table').physicalId, changed: app.changed }));`;
  const child = spawn(process.execPath, ['--conditions=skein:source', '--input-type=module', '-e', program], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { ...process.env, DURABILITY_TEST: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, ...(JSON.parse(line) as { endpoint: string; url: string; table: string; changed: boolean }) };
}

/** The processes that were started by this test's cloud, or by their children. */
function left(): string[] {
  const marker = `DURABILITY_TEST=${folder}`;
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(marker);
    } catch {
      return false; // it ended meanwhile
    }
  });
}

it('a kill in the middle of a thousand writes loses none that was acknowledged, and leaves no process', async () => {
  const { child, endpoint, url, table } = await startProcess();
  const order = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"item":"tea","quantity":1}',
  };
  expect((await fetch(`${url}/orders`, order)).status, 'a function runs, too').toBe(201);

  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const acknowledged: string[] = [];
  const write = async (first: number): Promise<void> => {
    for (let n = first; n < 1000; n += 8) {
      await client.send(new PutItemCommand({ TableName: table, Item: { id: { S: `k${n}` }, n: { N: String(n) } } }));
      acknowledged.push(`k${n}`);
      if (acknowledged.length === 400) child.kill('SIGKILL');
    }
  };
  await Promise.allSettled(Array.from({ length: 8 }, (_, first) => write(first)));
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(acknowledged.length).toBeGreaterThanOrEqual(400);
  expect(acknowledged.length).toBeLessThan(1000);
  await expect.poll(left, { timeout: 2000, interval: 20 }).toEqual([]);

  await using again = await startCloud({ folder });
  const ids = new Set<string>();
  let ExclusiveStartKey: Record<string, { S: string }> | undefined;
  do {
    const page = await again.client(DynamoDBClient).send(new ScanCommand({ TableName: table, ExclusiveStartKey }));
    for (const { id } of page.Items ?? []) ids.add(id?.S ?? '');
    ExclusiveStartKey = page.LastEvaluatedKey as typeof ExclusiveStartKey; // the key is one text
  } while (ExclusiveStartKey !== undefined);
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
}, 60_000);

it('a cloud that is started again has its APIs at the same addresses, and its deploy changes nothing', async () => {
  const first = await startProcess();
  const created = await fetch(`${first.url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"item":"tea","quantity":1}',
  });
  const { id } = (await created.json()) as { id: string };
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  await expect.poll(left, { timeout: 2000, interval: 20 }).toEqual([]);

  const second = await startProcess();
  try {
    expect(second.url).toBe(first.url);
    expect(second.changed).toBe(false);
    expect(await (await fetch(`${second.url}/orders/${id}`)).json()).toMatchObject({ id, item: 'tea' });
  } finally {
    second.child.kill('SIGKILL');
    await once(second.child, 'exit');
  }
}, 60_000);
