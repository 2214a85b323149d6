import { type Cloud, type CloudOptions, startCloud } from '../cloud.ts';
import type { RunRecord, Strategy } from '../repeatable/record.ts';
import { ExploreError } from './errors.ts';

/** A cloud in which the order of everything is chosen. */
export interface SeededCloud extends Cloud {
  readonly run: { readonly record: RunRecord };
  /** Brings it back to just after the deploy; function processes stay. */
  reset(options: { readonly seed: number; readonly strategy: Strategy }): Promise<void>;
}

/** Starts one. @throws {ExploreError} when this cloud has no seeded schedule */
export async function startSeededCloud(
  options: CloudOptions,
  seeded: { readonly seed: number; readonly strategy: Strategy },
): Promise<SeededCloud> {
  const cloud = await startCloud({ ...options, clock: 'virtual', schedule: 'seeded', ...seeded } as CloudOptions);
  if ('reset' in cloud && 'run' in cloud) return cloud as SeededCloud; // it has what only a seeded one has
  await cloud.stop();
  throw new ExploreError("explore() needs schedule: 'seeded', which this cloud does not have");
}
