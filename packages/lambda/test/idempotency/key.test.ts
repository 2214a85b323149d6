import { describe, expect, it } from 'vitest';
import { type IdempotencyStore, idempotent, type Key, memoryStore } from '../../src/idempotency/index.ts';

const context = { getRemainingTimeInMillis: () => 1000 };
const input: unknown = { id: 'a', n: 0, nothing: null, list: ['x'], detail: { 'order id': '7', items: [{ id: 'i' }] } };

/** The id that a handler with this key claims. */
async function claimed(key: Key<unknown>): Promise<string> {
  let id = '';
  const memory = memoryStore();
  const store: IdempotencyStore = {
    ...memory,
    claim(claim) {
      ({ id } = claim);
      return memory.claim(claim);
    },
  };
  await idempotent((_: unknown) => undefined, { key, store, scope: 's' })(input, context);
  return id;
}

describe('a key', () => {
  it.each([
    ['id', 's#a'],
    ['n', 's#0'],
    ['$.id', 's#a'],
    ['list[0]', 's#x'],
    ['detail.items[0].id', 's#i'],
    ["$['detail'].items[0].id", 's#i'],
    ["detail['order id']", 's#7'],
    ['detail["order id"]', 's#7'],
  ])('is found by the path %s', async (path, id) => {
    expect(await claimed(path)).toBe(id);
  });

  it('is what a function returns', async () => {
    expect(await claimed(() => 12n)).toBe('s#12');
  });

  it('is hashed when it is longer than an item may have one', async () => {
    expect(await claimed(() => 'é'.repeat(512))).toHaveLength(514);
    expect(await claimed(() => 'é'.repeat(513))).toMatch(/^s#[\da-f]{64}$/);
  });

  it.each(['missing', 'detail.missing.deeper', 'nothing', 'nothing.id', 'detail', 'list'])(
    'that is not there, or is no string or number, is an error: %s',
    async (path) => {
      await expect(claimed(path)).rejects.toMatchObject({
        name: 'MissingKeyError',
        message: expect.stringContaining(`'${path}'`),
      });
    },
  );

  it.each([
    ['', 'an empty string'],
    [Number.NaN, 'NaN'],
  ])('that is %j is an error', async (key, word) => {
    await expect(claimed(() => key)).rejects.toThrow(`returns ${word}, but a key is a string or a number`);
  });

  it.each(['', '$', 'a..b', 'a.', '.', 'a[', 'a[x]', "a['", 'a]b', 'a[*]', '$..id'])(
    'that is no path is refused where the handler is made: %j',
    (path) => {
      expect(() => idempotent((_: unknown) => undefined, { key: path })).toThrow(TypeError);
    },
  );

  it('needs a time to be remembered for', () => {
    expect(() => idempotent((_: unknown) => undefined, { key: 'id', expiresAfterSeconds: 0 })).toThrow(
      'expiresAfterSeconds is 0, but must be more than 0',
    );
  });
});
