import { expect, it } from 'vitest';
import { outsideErrors } from './outsideErrors.ts';

it('hears of an error that nobody waited for, as long as it listens', async () => {
  const before = process.listenerCount('unhandledRejection');
  {
    using outside = outsideErrors();
    await expect(outside.latest()).resolves.toBeUndefined();
    process.emit('unhandledRejection', new Error('lost'), Promise.resolve());
    await expect(outside.latest()).resolves.toMatchObject({
      message: "thrown outside of the test's promise, where nobody waits for it: lost",
    });
  }
  expect(process.listenerCount('unhandledRejection')).toBe(before);
});
