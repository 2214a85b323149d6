import { ResourceNotFoundException } from '@aws-sdk/client-lambda';

/** Resolves also when what should be deleted is not there: it went with its function. */
export async function orGone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}
