import type { Faults } from '../../kernel/faults.ts';
import { parseArn } from '../../kernel/names.ts';
import type { Scheduler } from '../../kernel/scheduler.ts';
import type { Trace } from '../../kernel/trace.ts';
import { type Availability, updateGroup } from './availability.ts';
import type { DeduplicationStore } from './deduplicationStore.ts';
import { messageNotInflight, overLimit, receiptHandleExpired, receiptHandleIsInvalid } from './errors.ts';
import type { GroupStore } from './groupStore.ts';
import type { MessageContent, MessageRow, MessageStore } from './messageStore.ts';
import { BUCKET_SIZE, type Queue } from './queue.ts';
import type { Queues } from './queues.ts';
import { parseReceiptHandle } from './receiptHandle.ts';
import { systemDataOf, systemText } from './systemData.ts';

/** How long a FIFO queue remembers what was sent. */
export const DEDUPLICATION_MS = 300_000;

const MOST_IN_FLIGHT = 120_000;
const MOST_IN_FLIGHT_FIFO = 20_000;
/** How many messages a reordered one may come before. */
const REORDER_DISTANCE = 10;

/** A message to be sent. */
export interface NewMessage extends MessageContent {
  /** ms. */
  readonly delay: number;
  readonly group: string | undefined;
  readonly deduplication: string | undefined;
}

/** What a message was sent as: an earlier one, if it is a duplicate. */
export interface Sent {
  readonly id: number;
  readonly mid: string;
}

/** A message that was received. */
export interface Received {
  readonly row: MessageRow;
  /** How often, this time included. */
  readonly receives: number;
  readonly first: number;
}

/** What a receive asks for. */
export interface ReceiveOptions {
  readonly most: number;
  /** ms. */
  readonly visibility: number;
  readonly attempt?: string | undefined;
}

/** The parts of SQS that its messages are kept in. */
export interface MailboxParts {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly queues: Queues;
  readonly messages: MessageStore;
  readonly groups: GroupStore;
  readonly deduplication: DeduplicationStore;
  readonly availability: Availability;
}

/** What can be done with the messages of queues. */
export class Mailbox {
  readonly #parts: MailboxParts;

  constructor(parts: MailboxParts) {
    this.#parts = parts;
  }

  /** Sends a message; a duplicate of one that was sent to a FIFO queue within five minutes is none. */
  send(queue: Queue, message: NewMessage, cause: number): Sent {
    const { scheduler, deduplication, availability, faults } = this.#parts;
    const now = scheduler.now;
    let key: string | undefined;
    if (message.deduplication !== undefined && queue.isFifo) {
      const inQueue = message.deduplication;
      const inGroup = `${message.group}\n${inQueue}`;
      key = queue.hasGroupScope ? inGroup : inQueue;
      // Ids that were sent before the scope became narrower still count.
      const before = deduplication.find(queue.number, key, inQueue, now);
      if (before !== undefined) return { mid: before[0], id: before[1] };
    }
    const delay = faults.any ? faults.delayOf(queue.arn) : 0;
    const id = this.#put(queue, message, message.group, now + message.delay + delay, now, 0, null, cause);
    if (key !== undefined) {
      deduplication.add(queue.number, key, now + DEDUPLICATION_MS, message.mid, id);
      availability.remember(now + DEDUPLICATION_MS);
    }
    return { id, mid: message.mid };
  }

  #put(
    queue: Queue,
    content: MessageContent,
    groupName: string | undefined,
    at: number,
    sent: number,
    receives: number,
    first: number | null,
    cause: number,
  ): number {
    const { queues, messages, groups, availability, scheduler } = this.#parts;
    const id = queues.newId(queue);
    const group = queue.isFifo ? groups.ensure(queue.bucket, groupName ?? '', at) : null;
    messages.insert(id, group, at, sent, receives, first, content);
    queue.counts.add(at, sent, receives, scheduler.now);
    if (queue.counts.isStale) queues.count(queue);
    availability.sent(queue, sent, cause);
    availability.changed(queue, at, cause);
    return id;
  }

  /** Receives up to `most` messages. @throws OverLimit */
  receive(queue: Queue, options: ReceiveOptions, cause: number): Received[] {
    if (!this.#hasRoom(queue)) {
      // A FIFO queue says nothing; it just gives none.
      if (queue.isFifo) return [];
      throw overLimit(MOST_IN_FLIGHT);
    }
    return queue.isFifo ? this.#receiveFifo(queue, options, cause) : this.#receiveStandard(queue, options, cause);
  }

  #hasRoom(queue: Queue): boolean {
    const limit = queue.isFifo ? MOST_IN_FLIGHT_FIFO : MOST_IN_FLIGHT;
    return queue.counts.inFlight < limit || this.#parts.queues.count(queue).inFlight < limit;
  }

  #receiveStandard(queue: Queue, { most, visibility }: ReceiveOptions, cause: number): Received[] {
    const { scheduler, messages, faults } = this.#parts;
    const now = scheduler.now;
    const received: Received[] = [];
    for (;;) {
      const wanted = most - received.length;
      const rows = faults.any ? this.#reordered(queue, now, wanted) : messages.due(queue.bucket, now, wanted);
      const twins: Received[] = [];
      for (const row of rows) {
        const taken = this.#take(queue, row, now, visibility, cause);
        if (taken === undefined) continue;
        if (!faults.any || !this.#isDropped(queue, row, cause)) received.push(taken);
        if (faults.any && faults.hits(queue.arn, 'duplicate')) twins.push(taken);
      }
      for (const twin of twins) this.#duplicate(queue, twin, now, cause);
      if (received.length >= most || rows.length < wanted) return received;
      // What is due again at once (duplicates; all, without a visibility timeout) is not for the same answer.
      if (twins.length > 0 || visibility === 0) return received;
    }
  }

  #reordered(queue: Queue, now: number, wanted: number): MessageRow[] {
    const { messages, faults } = this.#parts;
    const rows = messages.due(queue.bucket, now, wanted + REORDER_DISTANCE);
    const chosen: MessageRow[] = [];
    while (chosen.length < wanted && rows.length > 0) {
      const place = faults.hits(queue.arn, 'reorder')
        ? faults.place(queue.arn, Math.min(rows.length, REORDER_DISTANCE))
        : 0;
      chosen.push(...rows.splice(place, 1));
    }
    return chosen;
  }

  /** Takes a message for a receiver, unless it is too old, or has been received too often and goes to the dead-letter queue. */
  #take(queue: Queue, row: MessageRow, now: number, visibility: number, cause: number): Received | undefined {
    const [id, , at, sent, receives, first] = row;
    const { messages, availability } = this.#parts;
    if (sent + queue.retention <= now) {
      this.#remove(queue, row);
      return undefined;
    }
    if (queue.redrive !== undefined && receives >= queue.redrive.maxReceiveCount && this.#bury(queue, row, cause)) {
      return undefined;
    }
    const again = now + visibility;
    const since = first ?? now;
    messages.received(id, again, receives + 1, since);
    queue.counts.remove(at, sent, receives);
    queue.counts.add(again, sent, receives + 1, now);
    availability.changed(queue, again, cause);
    return { row, receives: receives + 1, first: since };
  }

  #isDropped(queue: Queue, row: MessageRow, cause: number): boolean {
    if (!this.#parts.faults.hits(queue.arn, 'drop')) return false;
    this.#note(queue, row, 'DropMessage', 'dropped', cause);
    return true;
  }

  /** Makes a message be delivered once more, whatever becomes of this delivery. */
  #duplicate(queue: Queue, { row, receives, first }: Received, now: number, cause: number): void {
    const [, , , sent, , , mid, md5, body, attributes, system, sender] = row;
    this.#put(queue, { mid, md5, body, attributes, system, sender }, undefined, now, sent, receives, first, cause);
    this.#note(queue, row, 'DuplicateMessage', 'duplicate', cause);
  }

  #note(queue: Queue, row: MessageRow, operation: string, outcome: string, cause: number): void {
    const { trace } = this.#parts;
    const hop = trace.begin({
      cause,
      service: 'sqs',
      operation,
      principal: 'sqs.amazonaws.com',
      resource: queue.arn,
      note: `message ${row[6]}`,
    });
    trace.end(hop, outcome);
  }

  #receiveFifo(queue: Queue, options: ReceiveOptions, cause: number): Received[] {
    const { scheduler, deduplication, availability } = this.#parts;
    const now = scheduler.now;
    const { attempt } = options;
    if (attempt === undefined) return this.#receiveGroups(queue, options, now, cause);
    const earlier = deduplication.findAttempt(queue.number, attempt, now);
    const again = earlier === undefined ? undefined : this.#again(queue, earlier, now, options.visibility, cause);
    if (again !== undefined) return again;
    const received = this.#receiveGroups(queue, options, now, cause);
    if (received.length > 0) {
      const receipts = received.map(({ row, receives }) => [row[0], receives]);
      deduplication.addAttempt(queue.number, attempt, now + DEDUPLICATION_MS, JSON.stringify(receipts));
      availability.remember(now + DEDUPLICATION_MS);
    }
    return received;
  }

  /** What an attempt got before, if all of it is still in flight as it was: then for the whole timeout again. */
  #again(queue: Queue, text: string, now: number, visibility: number, cause: number): Received[] | undefined {
    const { messages } = this.#parts;
    const received: Received[] = [];
    for (const [id, receives] of JSON.parse(text) as [number, number][]) {
      const row = messages.get(id);
      if (row === undefined || row[4] !== receives || row[2] <= now) return undefined;
      received.push({ row, receives, first: row[5] ?? now });
    }
    for (const { row } of received) this.#move(queue, row, now + visibility, cause);
    return received;
  }

  #receiveGroups(queue: Queue, { most, visibility }: ReceiveOptions, now: number, cause: number): Received[] {
    const { messages, groups, faults } = this.#parts;
    const received: Received[] = [];
    const seen = new Set<number>();
    for (;;) {
      const wanted = most - received.length;
      const due = groups.due(queue.bucket, now, wanted + seen.size).filter(([id]) => !seen.has(id));
      for (const [group] of due) {
        if (received.length >= most) break;
        seen.add(group);
        // What is behind a message that may not be received has to wait for it.
        for (const row of untilHidden(messages.ofGroup(group, most - received.length), now)) {
          const isTwice = faults.any && faults.hits(queue.arn, 'duplicate');
          const taken = this.#take(queue, row, now, isTwice ? 0 : visibility, cause);
          if (taken === undefined) continue;
          if (isTwice) this.#note(queue, row, 'DuplicateMessage', 'duplicate', cause);
          if (!faults.any || !this.#isDropped(queue, row, cause)) received.push(taken);
        }
        updateGroup(messages, groups, group);
      }
      if (received.length >= most || due.length === 0) return received;
    }
  }

  /** Moves a message to the dead-letter queue. @returns whether there is one */
  #bury(queue: Queue, row: MessageRow, cause: number): boolean {
    const target = parseArn(queue.redrive?.deadLetterTargetArn ?? '');
    const letters = target === undefined ? undefined : this.#parts.queues.findByArn(target);
    if (letters === undefined || letters.isFifo !== queue.isFifo) return false;
    const [, , , sent, receives, first, mid, md5, body, attributes, system, sender] = row;
    const data = { ...systemDataOf(system), sourceArn: queue.arn };
    const { scheduler } = this.#parts;
    const content = { mid, md5, body, attributes, system: systemText(data), sender };
    this.#remove(queue, row);
    // A FIFO queue counts a message's age from the move, a standard one from when it was sent.
    const since = queue.isFifo ? scheduler.now : sent;
    this.#put(letters, content, data.groupId, scheduler.now, since, receives, first, cause);
    this.#noteMove(queue, letters, mid, cause);
    return true;
  }

  #noteMove(queue: Queue, to: Queue, mid: string, cause: number): void {
    const { trace } = this.#parts;
    const hop = trace.begin({
      cause,
      service: 'sqs',
      operation: 'MoveMessage',
      principal: 'sqs.amazonaws.com',
      resource: queue.arn,
      target: to.arn,
      note: `message ${mid}`,
    });
    trace.end(hop, 'ok');
  }

  /** Moves up to `most` visible messages of a dead-letter queue to where they came from. @returns how many, or why it failed */
  redrive(
    queue: Queue,
    most: number,
    destinationOf: (sourceArn: string | undefined) => Queue | string,
    newMid: () => string,
    cause: number,
  ): { readonly moved: number; readonly failure?: string } {
    const { messages, groups, scheduler } = this.#parts;
    const now = scheduler.now;
    const rows = queue.isFifo
      ? groups.due(queue.bucket, now, most).flatMap(([group]) => untilHidden(messages.ofGroup(group, most), now))
      : messages.due(queue.bucket, now, most);
    let moved = 0;
    for (const row of rows.slice(0, most)) {
      const { sourceArn, ...data } = systemDataOf(row[10]);
      const destination = destinationOf(sourceArn);
      if (typeof destination === 'string') return { moved, failure: destination };
      const [, , , , , , , md5, body, attributes, , sender] = row;
      this.#remove(queue, row);
      // It is a new message there.
      const content = { mid: newMid(), md5, body, attributes, system: systemText(data), sender };
      this.#put(destination, content, data.groupId, now, now, 0, null, cause);
      this.#noteMove(queue, destination, content.mid, cause);
      moved++;
    }
    return { moved };
  }

  /** Deletes a received message. @throws ReceiptHandleIsInvalid, or InvalidParameterValue when a FIFO queue's handle has expired */
  delete(queue: Queue, handle: string, cause: number): void {
    const row = this.#rowOf(queue, handle);
    if (row === undefined) return;
    if (row === 'expired') {
      if (queue.isFifo) throw receiptHandleExpired(handle);
      return;
    }
    if (queue.isFifo && row[2] <= this.#parts.scheduler.now) throw receiptHandleExpired(handle);
    this.#remove(queue, row, cause);
  }

  /** Changes until when a received message is hidden. @throws ReceiptHandleIsInvalid, MessageNotInflight, InvalidParameterValue */
  changeVisibility(queue: Queue, handle: string, visibility: number, cause: number, isReturn: boolean): void {
    const { scheduler, messages } = this.#parts;
    const row = this.#rowOf(queue, handle);
    if (row === undefined || row === 'expired') {
      throw queue.isFifo && row === 'expired' ? receiptHandleExpired(handle) : messageNotInflight(handle);
    }
    const now = scheduler.now;
    const [id, , at, sent, receives, first] = row;
    if (queue.isFifo && at <= now) throw receiptHandleExpired(handle);
    if (!isReturn || visibility > 0) {
      this.#move(queue, row, now + visibility, cause);
      return;
    }
    messages.received(id, now, receives - 1, first ?? now);
    queue.counts.remove(at, sent, receives);
    queue.counts.add(now, sent, receives - 1, now);
    this.#regroup(queue, row, cause);
    this.#parts.availability.changed(queue, now, cause);
  }

  #rowOf(queue: Queue, handle: string): MessageRow | 'expired' | undefined {
    const receipt = parseReceiptHandle(handle);
    if (receipt?.queue !== queue.number) throw receiptHandleIsInvalid(handle);
    // A message that a purge took is just gone.
    const isHere = Math.floor(receipt.id / BUCKET_SIZE) === queue.bucket;
    const row = isHere ? this.#parts.messages.get(receipt.id) : undefined;
    if (row === undefined) return undefined;
    return row[4] === receipt.receives ? row : 'expired';
  }

  #move(queue: Queue, row: MessageRow, to: number, cause: number): void {
    const { messages, availability, scheduler } = this.#parts;
    const [id, , at, sent, receives] = row;
    messages.move(id, to);
    queue.counts.remove(at, sent, receives);
    queue.counts.add(to, sent, receives, scheduler.now);
    this.#regroup(queue, row, cause);
    availability.changed(queue, to, cause);
  }

  #remove(queue: Queue, row: MessageRow, cause = 0): void {
    const [id, , at, sent, receives] = row;
    this.#parts.messages.remove(id);
    queue.counts.remove(at, sent, receives);
    this.#regroup(queue, row, cause);
  }

  /** After a change of a message of a group. */
  #regroup(queue: Queue, [, group]: MessageRow, cause: number): void {
    if (group === null) return;
    const { messages, groups, availability } = this.#parts;
    const head = updateGroup(messages, groups, group);
    if (head !== undefined) availability.changed(queue, head, cause);
  }
}

/** The messages of a group before the first that may not be received. */
function untilHidden(rows: readonly MessageRow[], now: number): readonly MessageRow[] {
  const hidden = rows.findIndex(([, , at]) => at > now);
  return hidden < 0 ? rows : rows.slice(0, hidden);
}
