import type { SqsRecord } from './record.ts';

/** What a function is invoked with at most. */
const MOST_BYTES = 6 * 1024 * 1024;
const OPENING = '{"Records":[';
const CLOSING = ']}';

/** A message in hand: what SQS needs to know it by. */
export interface Held {
  readonly id: string;
  readonly receiptHandle: string;
}

/** Messages that are worked on at once. */
export class Batch {
  readonly messages: Held[] = [];
  /** When its first message was received, ms since 1970. */
  readonly since: number;
  /** The id of the hop that made its messages available. */
  readonly cause: number;
  /** How often it found no concurrency. */
  throttles = 0;
  readonly records: SqsRecord[] = [];
  readonly #texts: string[] = [];
  #bytes = OPENING.length + CLOSING.length;

  constructor(since: number, cause: number) {
    this.since = since;
    this.cause = cause;
  }

  get size(): number {
    return this.messages.length;
  }

  /** Takes a message, unless the event would be too large with it. @returns whether it was taken */
  add(record: SqsRecord): boolean {
    const text = JSON.stringify(record);
    const bytes = Buffer.byteLength(text) + 1;
    // What is too large alone is for the function's limits to say.
    if (this.size > 0 && this.#bytes + bytes > MOST_BYTES) return false;
    this.#bytes += bytes;
    this.#texts.push(text);
    this.records.push(record);
    this.messages.push({ id: record.messageId, receiptHandle: record.receiptHandle });
    return true;
  }

  /** The event that a function is run with. */
  payload(): Buffer {
    return Buffer.from(`${OPENING}${this.#texts.join(',')}${CLOSING}`);
  }
}
