/** What an invocation wants to hold: the right to run the handler for a key. Times are milliseconds since 1970. */
export interface Claim {
  /** The key, with the scope it is used in. */
  readonly id: string;
  /** Of this attempt alone: who holds another one has lost the claim. */
  readonly token: string;
  readonly now: number;
  /** The holder's deadline. A claim that is held longer is left behind by a crash, and may be taken over. */
  readonly heldUntil: number;
  /** From then on the key is as if it had never been used. */
  readonly expiresAt: number;
  /** Hash of the payload that the key stands for. */
  readonly payload?: string;
}

/** What a store says to a claim: take it, somebody else is at work, or it is done with this result (JSON). */
export type ClaimAnswer =
  | { readonly state: 'claimed' }
  | { readonly state: 'held'; readonly heldUntil: number; readonly payload?: string }
  | { readonly state: 'done'; readonly result?: string; readonly payload?: string };

/** Where keys are kept with what became of them. Each of its methods is one step: of two that claim one key, one gets it. */
export interface IdempotencyStore {
  /** Takes a key that nobody used, or that is expired, or whose holder is past its deadline; else says what there is. */
  claim(claim: Claim): Promise<ClaimAnswer>;
  /** Keeps a result (JSON, or nothing), unless the claim was lost. @returns whether it was still held */
  complete(claim: Claim, result: string | undefined): Promise<boolean>;
  /** Gives the key up, so that a later attempt can have it; nothing when the claim was lost. */
  release(claim: Claim): Promise<void>;
}
