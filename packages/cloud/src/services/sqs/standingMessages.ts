import type { StandingMessage, Views } from '../../kernel/views.ts';
import { queueDoesNotExist } from './errors.ts';
import { attributesOf, type StoredAttributes } from './messageAttributes.ts';
import type { MessageRow, MessageStore } from './messageStore.ts';
import { sequenceNumber } from './newMessage.ts';
import type { SqsDependencies } from './operation.ts';
import type { Queue } from './queue.ts';
import { systemDataOf } from './systemData.ts';

/** What lies in a queue, for whoever looks from outside. */
export const standingMessages =
  ({ queues, scheduler }: SqsDependencies, messages: MessageStore): Views['sqs']['messages'] =>
  ({ name, ...scope }, limit) => {
    const queue = queues.find(scope, name);
    if (queue === undefined) throw queueDoesNotExist();
    const { now } = scheduler;
    return messages
      .page(queue.bucket, 0, limit)
      .filter(([, , , sent]) => sent + queue.retention > now)
      .map((row) => messageOf(queue, row, now));
  };

function messageOf(queue: Queue, row: MessageRow, now: number): StandingMessage {
  const [id, , visibleAt, sent, receives, first, MessageId, , Body, attributes, system, sender] = row;
  const data = systemDataOf(system);
  const known: Readonly<Record<string, string | undefined>> = {
    SenderId: sender,
    SentTimestamp: String(sent),
    ApproximateReceiveCount: String(receives),
    ApproximateFirstReceiveTimestamp: first === null ? undefined : String(first),
    MessageGroupId: data.groupId,
    MessageDeduplicationId: data.deduplicationId,
    SequenceNumber: queue.isFifo ? sequenceNumber(id) : undefined,
    AWSTraceHeader: data.traceHeader,
    DeadLetterQueueSourceArn: data.sourceArn,
  };
  return {
    MessageId,
    Body,
    Attributes: Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
    MessageAttributes: attributes === null ? {} : attributesOf(JSON.parse(attributes) as StoredAttributes), // as it was written
    visibleAt,
    state: visibleAt <= now ? 'visible' : receives > 0 ? 'inFlight' : 'delayed',
  };
}
