import type { Claim, ClaimAnswer, IdempotencyStore } from './store.ts';

interface Entry {
  readonly claim: Claim;
  readonly done?: { readonly result: string | undefined };
}

/**
 * Keeps keys in the memory of one environment: for tests, and for duplicates that are cheap to handle again. Another environment of the same
 * function knows nothing of them.
 */
export function memoryStore(): IdempotencyStore {
  const entries = new Map<string, Entry>();
  const holds = ({ id, token }: Claim): boolean => entries.get(id)?.claim.token === token;
  return {
    async claim(claim) {
      forgetExpired(entries, claim.now);
      const found = entries.get(claim.id);
      if (found !== undefined && claim.now < found.claim.expiresAt) {
        if (found.done !== undefined || claim.now < found.claim.heldUntil) return answerOf(found);
      }
      // The oldest stay in front.
      entries.delete(claim.id);
      entries.set(claim.id, { claim });
      return { state: 'claimed' };
    },
    async complete(claim, result) {
      if (!holds(claim)) return false;
      entries.set(claim.id, { claim, done: { result } });
      return true;
    },
    async release(claim) {
      if (holds(claim)) entries.delete(claim.id);
    },
  };
}

function answerOf({ claim: { heldUntil, payload }, done }: Entry): ClaimAnswer {
  const rest = payload === undefined ? {} : { payload };
  if (done === undefined) return { state: 'held', heldUntil, ...rest };
  return { state: 'done', ...(done.result === undefined ? {} : { result: done.result }), ...rest };
}

/** From the oldest on, up to the first that is still remembered: memory does not grow with the keys of a day ago. */
function forgetExpired(entries: Map<string, Entry>, now: number): void {
  for (const [id, { claim }] of entries) {
    if (now < claim.expiresAt) return;
    entries.delete(id);
  }
}
