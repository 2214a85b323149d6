import { note, task } from './task.ts';

/** For paid orders. */
export const handler = task(async (event) => {
  if (event.address === undefined) throw new Error(`order ${event.order} has no address to ship it to`);
  await note('shipped', event);
});
