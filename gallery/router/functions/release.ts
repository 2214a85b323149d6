import { note, task } from './task.ts';

/** For cancelled orders. */
export const handler = task((event) => note('released', event));
