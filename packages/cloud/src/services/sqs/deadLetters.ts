import { parseArn } from '../../kernel/names.ts';
import type { MessageRow } from './messageStore.ts';
import type { Queue } from './queue.ts';
import { type Shelf, type ShelfParts, untilHidden } from './shelf.ts';
import { systemDataOf, systemText } from './systemData.ts';

/** The ways into a dead-letter queue and out of it. */
export class DeadLetters {
  readonly #parts: ShelfParts;
  readonly #shelf: Shelf;

  constructor(parts: ShelfParts, shelf: Shelf) {
    this.#parts = parts;
    this.#shelf = shelf;
  }

  /** Moves a message to the dead-letter queue. @returns whether there is one */
  bury(queue: Queue, row: MessageRow, cause: number): boolean {
    const target = parseArn(queue.redrive?.deadLetterTargetArn ?? '');
    const letters = target === undefined ? undefined : this.#parts.queues.findByArn(target);
    if (letters === undefined || letters.isFifo !== queue.isFifo) return false;
    const [, , , sent, receives, first, mid, md5, body, attributes, system, sender] = row;
    const data = { ...systemDataOf(system), sourceArn: queue.arn };
    const { scheduler } = this.#parts;
    const content = { mid, md5, body, attributes, system: systemText(data), sender };
    this.#shelf.remove(queue, row);
    // A FIFO queue counts a message's age from the move, a standard one from when it was sent.
    const since = queue.isFifo ? scheduler.now : sent;
    this.#shelf.put(letters, content, data.groupId, scheduler.now, since, receives, first, cause);
    this.#shelf.note(queue, mid, 'MoveMessage', 'ok', cause, letters.arn);
    return true;
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
      this.#shelf.remove(queue, row);
      // It is a new message there.
      const content = { mid: newMid(), md5, body, attributes, system: systemText(data), sender };
      this.#shelf.put(destination, content, data.groupId, now, now, 0, null, cause);
      this.#shelf.note(queue, content.mid, 'MoveMessage', 'ok', cause, destination.arn);
      moved++;
    }
    return { moved };
  }
}
