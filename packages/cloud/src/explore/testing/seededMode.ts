import { startSeededCloud } from '../seededCloud.ts';
import { oldest } from '../strategies.ts';

/** Whether this cloud has `schedule: 'seeded'`: what needs it is not tested without. */
export async function hasSeededMode(): Promise<boolean> {
  try {
    const cloud = await startSeededCloud({}, { seed: 1, strategy: oldest });
    await cloud.stop();
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExploreError') return false;
    throw error;
  }
}
