import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { BatchHandler } from '../../src/batch/index.ts';
import { ExampleFolder, root } from '../examples.ts';
import { change, click, context, eventOf, message } from './events.ts';

const page = readFileSync(join(root, 'docs/lambda/batch.md'), 'utf8');
const folder = new ExampleFolder('batch-examples');

/** Code, and records (`id@group body`) with the ids of those that come again. */
const examples = [...page.matchAll(/^```typescript\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^again: (.*)\n```$/gm)].map(
  ([, code = '', records = '', again = ''], index) => ({
    name: `example ${index + 1}`,
    file: folder.add(`example${index + 1}`, code),
    code,
    again: again.split(' '),
    event: eventOf(
      ...records
        .trim()
        .split('\n')
        .map((line) => recordOf(line, code)),
    ),
  }),
);

function recordOf(line: string, code: string): object {
  const [, id = '', group, body = ''] = /^(\S+?)(?:@(\S+))? (.*)$/.exec(line) ?? [];
  if (code.includes("source: 'kinesis'")) return click(id, body);
  if (code.includes("source: 'dynamodb'")) return change(id, { NewImage: imageOf(JSON.parse(body)) });
  return message(id, body, group);
}

function imageOf(item: object): Record<string, object> {
  const entries = Object.entries(item);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'number' ? { N: String(value) } : { S: value }]),
  );
}

beforeAll(() => {
  vi.spyOn(console, 'error').mockReturnValue();
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterAll(() => {
  vi.restoreAllMocks();
  folder[Symbol.dispose]();
});

describe('the page on batches', () => {
  it('has records for every example', () => {
    expect(examples).toHaveLength(page.split('```typescript').length - 1);
    expect(examples.length).toBeGreaterThan(4);
  });

  it('has examples that compile', () => folder.compile());

  it.each(examples)('does in $name what it says', async ({ file, event, again }) => {
    const module: { handler: BatchHandler } = await import(/* @vite-ignore */ file);
    const { batchItemFailures } = await module.handler(event, context);
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(again);
  });
});
