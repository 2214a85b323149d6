import { NotFoundException } from '@aws-sdk/client-apigatewayv2';

/** Resolves also when what should be deleted is not there: it went with its API. */
export async function orGone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!(error instanceof NotFoundException)) throw error;
  }
}
