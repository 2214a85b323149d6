import { note, task } from './task.ts';

/** For placed orders. */
export const handler = task((event) => note('reserved', event));
