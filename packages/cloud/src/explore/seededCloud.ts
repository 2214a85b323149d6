import { type Cloud, type CloudOptions, startCloud } from '../cloud.ts';
import type { Strategy } from '../repeatable/record.ts';

/** A cloud in which the order of everything is chosen. */
export type SeededCloud = Cloud;

/** Starts one. */
export const startSeededCloud = (
  options: CloudOptions,
  seeded: { readonly seed: number; readonly strategy: Strategy },
): Promise<SeededCloud> => startCloud({ ...options, clock: 'virtual', schedule: 'seeded', ...seeded });
