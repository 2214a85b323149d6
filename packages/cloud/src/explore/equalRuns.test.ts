import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededApp } from '../repeatable/test/seededApp.ts';

/** `SKEIN_RUNS=1000` for the whole proof. */
const RUNS = Number(process.env['SKEIN_RUNS'] ?? 100);

const COUNT = `
const { DynamoDBClient, GetItemCommand, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const dynamodb = new DynamoDBClient();
const TableName = process.env.TABLE;
const Key = { id: { S: 'home' } };
exports.handler = async () => {
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key }));
  const visits = Number(Item?.visits.N ?? 0) + 1;
  await dynamodb.send(new PutItemCommand({ TableName, Item: { ...Key, visits: { N: String(visits) } } }));
  return { visits, at: Date.now(), random: Math.random(), id: crypto.randomUUID() };
};`;

describe('the same seed', { timeout: 180_000 }, () => {
  let app: SeededApp;
  beforeAll(async () => {
    app = await SeededApp.start({ Count: { code: COUNT } });
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it(`gives the same run ${RUNS} times of ${RUNS}, with the machine's CPUs burnt beside it`, async () => {
    const burners = Array.from({ length: 2 }, () => new Worker('for (let n = 0; ; n++) Math.sqrt(n);', { eval: true }));
    try {
      const first = await app.run('Count', 7);
      expect(first.record).toMatchObject({ notRepeatable: null, divergedAt: null });
      expect(first.record.choices.length).toBeGreaterThan(2);
      for (let time = 1; time < RUNS; time++) {
        // Another order in between leaves nothing behind.
        if (time % 10 === 0) await app.run('Count', time);
        expect(await app.run('Count', 7)).toEqual(first);
      }
    } finally {
      await Promise.all(burners.map((burner) => burner.terminate()));
    }
  });

  it('and another one, another run', async () => {
    const orders = new Set<string>();
    for (let seed = 1; seed <= 10; seed++) {
      orders.add(JSON.stringify((await app.run('Count', seed)).record.choices.map(({ taken }) => taken)));
    }
    expect(orders.size).toBeGreaterThan(3);
  });
});
