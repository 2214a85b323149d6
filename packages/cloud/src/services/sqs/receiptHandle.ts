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

/** The handle that a receive gives: of the characters of base64, as AWS's are, but read without decoding. */
export const receiptHandle = (queue: number, id: number, receives: number): string =>
  `${PREFIX}${checkOf(queue, id, receives)}/${queue}/${id}/${receives}`;

/** What a handle stands for, or undefined when this cloud did not give it. */
export function parseReceiptHandle(handle: string): Receipt | undefined {
  const [, queue, id, receives] = handle.split('/', 4).map(Number);
  if (queue === undefined || id === undefined || receives === undefined) return undefined;
  return receiptHandle(queue, id, receives) === handle ? { queue, id, receives } : undefined;
}
