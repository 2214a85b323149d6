import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSimpler, shrink } from './shrink.ts';

const picksArbitrary = fc.array(fc.nat({ max: 4 }), { maxLength: 24 });
const deviations = (picks: readonly number[]) => picks.filter((pick) => pick > 0).length;

describe('shrinking', () => {
  it('leaves picks that fail', async () => {
    await fc.assert(
      fc.asyncProperty(picksArbitrary, fc.func(fc.boolean()), async (picks, oracle) => {
        const key = (tried: readonly number[]) => String(tried.slice(0, tried.findLastIndex((pick) => pick > 0) + 1));
        const fails = (tried: readonly number[]) => key(tried) === key(picks) || oracle(key(tried));
        const { picks: least } = await shrink(picks, async (tried) => (fails(tried) ? tried : undefined));
        expect(fails(least)).toBe(true);
        expect(isSimpler(picks, least)).toBe(false);
      }),
    );
  });

  it('finds exactly the picks that are needed, whatever stands around them', async () => {
    await fc.assert(
      fc.asyncProperty(picksArbitrary, fc.array(fc.nat({ max: 23 }), { maxLength: 4 }), async (picks, places) => {
        const needed = [...new Set(places)].filter((place) => (picks[place] ?? 0) > 0);
        const fails = (tried: readonly number[]) => needed.every((place) => (tried[place] ?? 0) > 0);
        const { picks: least } = await shrink(picks, async (tried) => (fails(tried) ? tried : undefined));
        expect(deviations(least)).toBe(needed.length);
        expect(needed.every((place) => least[place] === 1)).toBe(true);
      }),
    );
  });

  it('makes a pick as small as the failure lets it', async () => {
    const { picks } = await shrink([0, 4, 3], async (tried) => ((tried[1] ?? 0) >= 3 ? tried : undefined));
    expect(picks).toEqual([0, 3]);
  });

  it('lets a pick come as late as the failure lets it', async () => {
    const isLateEnough = (tried: readonly number[]) => tried.findIndex((pick) => pick > 0);
    const { picks } = await shrink([1], async (tried) => ([0, 1, 2].includes(isLateEnough(tried)) ? tried : undefined));
    expect(picks).toEqual([0, 0, 1]);
  });

  it('tries no picks twice, and stops at the limit', async () => {
    await fc.assert(
      fc.asyncProperty(picksArbitrary, fc.nat({ max: 12 }), async (picks, limit) => {
        const tried: string[] = [];
        const { attempts } = await shrink(
          picks,
          async (fewer) => {
            tried.push(String(fewer));
            return undefined;
          },
          limit,
        );
        expect(attempts).toBe(tried.length);
        expect(attempts).toBeLessThanOrEqual(limit);
        expect(new Set(tried).size).toBe(tried.length);
      }),
    );
  });

  it('needs few runs for a failure of 20 choices', async () => {
    const picks = Array.from({ length: 20 }, () => 2);
    const { attempts } = await shrink(picks, async (tried) =>
      (tried[7] ?? 0) > 0 && (tried[13] ?? 0) > 0 ? tried : undefined,
    );
    expect(attempts).toBeLessThan(40);
  });

  it('takes what a run did in fact, when that is simpler than what was asked', async () => {
    const { picks } = await shrink([1, 1, 1], async (tried) => (tried[0] === 1 ? [1] : undefined));
    expect(picks).toEqual([1]);
  });
});
