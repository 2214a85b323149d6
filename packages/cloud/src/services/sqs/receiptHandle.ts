/** What a receipt handle stands for: a message's id, and which of its receives it is from. */
export interface Receipt {
  /** The number of the queue. */
  readonly queue: number;
  readonly id: number;
  readonly receives: number;
}

const PREFIX = 'AQEB';
// Multiplied in, so that neighbours look nothing alike and a mistyped handle is none: this is no secret.
const CHECK = 0x9e3779b1;

const checkOf = (queue: number, id: number, receives: number): number =>
  Math.imul((id % 0x1_0000_0000) ^ Math.imul(receives + queue * 1024, 0x85ebca6b), CHECK) >>> 0;

/** The handle that a receive gives. */
export const receiptHandle = (queue: number, id: number, receives: number): string =>
  PREFIX + Buffer.from(`${queue}/${id}/${receives}/${checkOf(queue, id, receives)}`, 'latin1').toString('base64');

/** What a handle stands for, or undefined when this cloud did not give it. */
export function parseReceiptHandle(handle: string): Receipt | undefined {
  if (!handle.startsWith(PREFIX)) return undefined;
  const parts = Buffer.from(handle.slice(PREFIX.length), 'base64').toString('latin1').split('/');
  const [queue, id, receives, check] = parts.map(Number);
  if (queue === undefined || id === undefined || receives === undefined || parts.length !== 4) return undefined;
  return check === checkOf(queue, id, receives) ? { queue, id, receives } : undefined;
}
