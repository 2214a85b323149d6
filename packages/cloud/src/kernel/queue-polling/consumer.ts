import type { Batch } from './batch.ts';

/** What became of a batch. */
export interface BatchResult {
  /** Messages that come again, by id; any other is deleted from the queue. */
  readonly failed: ReadonlySet<string> | 'all';
  /** The id of the hop that worked on it: the cause of the deletions. */
  readonly cause: number;
}

/** What the batches of a queue are for. */
export interface BatchConsumer {
  /** Whether it is there at all: for one that is not, nothing is received. */
  isThere(): boolean;
  /**
   * Begins to work on a batch. `throttled`: it has no room, and the batch is offered again later. `refused`: it can never be worked on; its messages
   * become visible again by themselves. A result never rejects.
   */
  start(batch: Batch): Promise<BatchResult> | 'throttled' | 'refused';
}
