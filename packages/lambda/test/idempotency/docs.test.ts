import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Cloud, startCloud } from '@skein/cloud';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { IDEMPOTENCY_TABLE_NAME } from '../../src/idempotency/index.ts';
import { context, eventOf, message } from '../batch/events.ts';
import { createTable } from './stores.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const page = readFileSync(join(root, 'docs/lambda/idempotency.md'), 'utf8');
// Ignored by git and by the formatter; inside the package, so that its imports are found.
const folder = join(root, 'packages/lambda/dist/idempotency-examples');

/** Code, and inputs with what comes of each: `{"id":"a"} -> 1` or `{} !! MissingKeyError`. */
const examples = [...page.matchAll(/^```typescript\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```$/gm)].map(
  ([, code = '', exchanges = ''], index) => ({
    name: `example ${index + 1}`,
    table: `keys-${index + 1}`,
    file: join(folder, `example${index + 1}.ts`),
    code,
    exchanges: exchanges.trim().split('\n').map(exchangeOf),
  }),
);

function exchangeOf(line: string) {
  const [, input = '', sign, outcome = ''] = /^(\S.*) (->|!!) (.*)$/.exec(line) ?? [];
  return { input: JSON.parse(input), outcome: sign === '->' ? { answer: JSON.parse(outcome) } : { error: outcome } };
}

let cloud: Cloud;

beforeAll(async () => {
  cloud = await startCloud({ clock: 'virtual' });
  // As in a function: the SDK finds the cloud by its environment.
  const { endpoint, region, credentials } = cloud.clientConfiguration;
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  vi.spyOn(console, 'error').mockReturnValue();
  mkdirSync(folder, { recursive: true });
  for (const { file, code } of examples) writeFileSync(file, code);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
  await cloud.stop();
});

describe('the page on idempotency', () => {
  it('has inputs for every example', () => {
    expect(examples).toHaveLength(page.split('```typescript').length - 1);
    expect(examples.length).toBeGreaterThan(4);
  });

  it('has examples that compile', () => {
    const config = join(folder, 'tsconfig.json');
    const compilerOptions = { isolatedDeclarations: false, declaration: false };
    writeFileSync(
      config,
      JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.ts'], exclude: [] }),
    );
    try {
      execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', config], { encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      throw new Error(String(Reflect.get(Object(error), 'stdout')));
    }
  });

  it.each(examples)('does in $name what it says', async ({ file, code, table, exchanges }) => {
    await createTable(cloud.client(DynamoDBClient), table);
    vi.stubEnv(IDEMPOTENCY_TABLE_NAME, table);
    const { handler } = await import(/* @vite-ignore */ file);
    const outcomes: unknown[] = [];
    for (const [index, { input }] of exchanges.entries()) {
      const event = code.includes('batch') ? eventOf(message(`m-${index + 1}`, input)) : input;
      outcomes.push(
        await handler(event, context).then(
          (answer: unknown) => ({ answer }),
          (error: Error) => ({ error: error.name }),
        ),
      );
    }
    expect(outcomes).toEqual(exchanges.map(({ outcome }) => outcome));
  });
});
