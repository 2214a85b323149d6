import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Cloud, startCloud } from '@skein/cloud';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { IDEMPOTENCY_TABLE_NAME } from '../../src/idempotency/index.ts';
import { context, eventOf, message } from '../batch/events.ts';
import { ExampleFolder, root } from '../examples.ts';
import { createTable } from './stores.ts';

const page = readFileSync(join(root, 'docs/lambda/idempotency.md'), 'utf8');
const folder = new ExampleFolder('idempotency-examples');

/** Code, and inputs with what comes of each: `{"id":"a"} -> 1` or `{} !! MissingKeyError`. */
const examples = [...page.matchAll(/^```typescript\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```$/gm)].map(
  ([, code = '', exchanges = ''], index) => ({
    name: `example ${index + 1}`,
    table: `keys-${index + 1}`,
    file: folder.add(`example${index + 1}`, code),
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
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  folder[Symbol.dispose]();
  await cloud.stop();
});

describe('the page on idempotency', () => {
  it('has inputs for every example', () => {
    expect(examples).toHaveLength(page.split('```typescript').length - 1);
    expect(examples.length).toBeGreaterThan(4);
  });

  it('has examples that compile', () => folder.compile());

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
