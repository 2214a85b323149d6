import { expect, it } from 'vitest';
import { type BatchLogger, batch } from '../../src/batch/index.ts';
import { context, eventOf, message } from './events.ts';

const silent: BatchLogger = { error: () => undefined, warn: () => undefined };

/** Numbers from 0 to below `limit`, the same for the same seed. */
function draws(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const cases = Array.from({ length: 300 }, (_, seed) => seed);

// Whatever fails, and however many groups run side by side: of a group, what was handled stands before what comes again.
it.each(['batch', 'group'] as const)('FIFO order holds for any failures (%s)', async (stopAfterFailure) => {
  for (const seed of cases) {
    const draw = draws(seed);
    const records = Array.from({ length: 1 + draw(10) }, (_, index) => message(`m${index}`, {}, `g${draw(4)}`));
    const bad = new Set(records.filter(() => draw(4) === 0).map(({ messageId }) => messageId));
    const handled: string[] = [];
    const handler = batch(
      async ({ messageId }) => {
        for (let turns = draw(4); turns > 0; turns--) await undefined;
        if (bad.has(messageId)) throw new Error('bad');
        handled.push(messageId);
      },
      { stopAfterFailure, parallelism: 1 + draw(4), logger: silent },
    );
    const { batchItemFailures } = await handler(eventOf(...records), context);
    const again = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

    const all = records.map(({ messageId }) => messageId);
    expect([...handled, ...again].sort(), `seed ${seed}`).toEqual([...all].sort());
    expect(again, `seed ${seed}`).toEqual(all.filter((id) => again.includes(id)));
    for (const group of new Set(records.map(({ attributes }) => attributes['MessageGroupId']))) {
      const ofGroup = records.filter(({ attributes }) => attributes['MessageGroupId'] === group);
      const ids = ofGroup.map(({ messageId }) => messageId);
      const done = handled.filter((id) => ids.includes(id));
      expect(done, `seed ${seed}, ${group}`).toEqual(ids.slice(0, done.length));
      // A group without a bad message is done, unless a failure elsewhere ended the batch.
      if (stopAfterFailure === 'group') expect(done.length, `seed ${seed}, ${group}`).toBe(firstBad(ids, bad));
    }
  }
});

const firstBad = (ids: readonly string[], bad: ReadonlySet<string>): number => {
  const index = ids.findIndex((id) => bad.has(id));
  return index < 0 ? ids.length : index;
};
