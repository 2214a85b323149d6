import type { Faults } from '../../kernel/faults.ts';
import type { Scheduler } from '../../kernel/scheduler.ts';
import type { Outcome, Trace } from '../../kernel/trace.ts';
import { type Availability, updateGroup } from './availability.ts';
import type { DeduplicationStore } from './deduplicationStore.ts';
import type { GroupStore } from './groupStore.ts';
import type { MessageContent, MessageRow, MessageState, MessageStore } from './messageStore.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';

/** The parts of SQS that its messages are kept in. */
export interface ShelfParts {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly queues: Queues;
  readonly messages: MessageStore;
  readonly groups: GroupStore;
  readonly deduplication: DeduplicationStore;
  readonly availability: Availability;
}

/** Where messages are: each change keeps rows, groups, counts and wake-ups in step. */
export class Shelf {
  readonly #parts: ShelfParts;

  constructor(parts: ShelfParts) {
    this.#parts = parts;
  }

  /** Puts a message where it belongs. @returns its id */
  put(
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
    const group = queue.isFifo ? groups.ensure(queue.bucket, groupName ?? '', at, id) : null;
    messages.insert(id, group, at, sent, receives, first, content);
    queue.counts.add(at, sent, receives, scheduler.now);
    if (queue.counts.isStale) queues.count(queue);
    availability.sent(queue, sent, cause);
    availability.changed(queue, at, cause);
    return id;
  }

  /** Changes from when a message may be received. */
  move(queue: Queue, row: MessageState, to: number, cause: number): void {
    const { messages, availability, scheduler } = this.#parts;
    const [id, , at, sent, receives] = row;
    messages.move(id, to);
    queue.counts.remove(at, sent, receives);
    queue.counts.add(to, sent, receives, scheduler.now);
    this.regroup(queue, row, cause);
    availability.changed(queue, to, cause);
  }

  /** Takes a message away for good. */
  remove(queue: Queue, row: MessageState, cause = 0): void {
    const [id, , at, sent, receives] = row;
    this.#parts.messages.remove(id);
    queue.counts.remove(at, sent, receives);
    this.regroup(queue, row, cause);
  }

  /** After a change of a message of a group. */
  regroup(queue: Queue, [, group]: MessageState, cause: number): void {
    if (group === null) return;
    const { messages, groups, availability } = this.#parts;
    const head = updateGroup(messages, groups, group);
    if (head !== undefined) availability.changed(queue, head, cause);
  }

  /** Puts down that something befell a message beside what its receiver sees. */
  note(queue: Queue, mid: string, operation: string, outcome: Outcome, cause: number, target?: string): void {
    const { trace } = this.#parts;
    const hop = trace.begin({
      cause,
      service: 'sqs',
      operation,
      principal: 'sqs.amazonaws.com',
      resource: queue.arn,
      target,
      note: `message ${mid}`,
    });
    trace.end(hop, outcome);
  }
}

/** The messages of a group before the first that may not be received. */
export function untilHidden(rows: readonly MessageRow[], now: number): readonly MessageRow[] {
  const hidden = rows.findIndex(([, , at]) => at > now);
  return hidden < 0 ? rows : rows.slice(0, hidden);
}
