import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededApp } from './test/seededApp.ts';
import { SHAPES } from './test/shapes.ts';

/** Of each shape: the whole table in CI. */
const RUNS = Number(process.env['SKEIN_RUNS'] ?? (process.env['CI'] === undefined ? 10 : 50));
const idOf = (index: number): string => `Shape${index}`;

describe('functions of every shape', { timeout: 120_000 }, () => {
  let app: SeededApp;
  beforeAll(async () => {
    app = await SeededApp.start(Object.fromEntries(SHAPES.map((shape, index) => [idOf(index), shape])));
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it.each(SHAPES.map(({ what }, index) => [what, index] as const))(
    '%s: the same seed gives the same run',
    async (_, index) => {
      await app.run(idOf(index), 1);
      const first = await app.run(idOf(index), 7);
      expect(first.record.notRepeatable).toBeNull();
      expect(first.record.choices.length).toBeGreaterThan(1);
      const error = SHAPES[index]?.fails === true ? 'Unhandled' : undefined;
      expect(first.answers.map(([functionError]) => functionError)).toEqual([error, error]);
      for (let time = 1; time < RUNS; time++) expect(await app.run(idOf(index), 7)).toEqual(first);
    },
  );
});
