import type { Message } from '@aws-sdk/client-sqs';
import type { Operation } from '../../../kernel/service.ts';
import { attributesOf, type StoredAttributes } from '../messageAttributes.ts';
import type { MessageRow, MessageStore } from '../messageStore.ts';
import { sequenceNumber } from '../newMessage.ts';
import type { SqsDependencies } from '../operation.ts';
import type { Queue } from '../queue.ts';
import { systemDataOf } from '../systemData.ts';

/** What is asked for. */
export interface PeekInput {
  readonly QueueUrl?: string | undefined;
  /** @default 10 */
  readonly MaxNumberOfMessages?: number | undefined;
}

/** A message as it lies in its queue. */
export interface PeekedMessage extends Omit<Message, 'ReceiptHandle' | 'MD5OfMessageAttributes'> {
  /** When it may be received (again), ms since 1970. */
  readonly visibleAt: number;
  readonly state: 'visible' | 'delayed' | 'inFlight';
}

/**
 * Messages of a queue in the order in which they came, whether they may be received or not. No operation of AWS: it is there for whoever looks from
 * outside, and changes nothing.
 */
export const peekMessages =
  (
    { queues, scheduler }: SqsDependencies,
    messages: MessageStore,
  ): Operation<PeekInput, { readonly Messages: readonly PeekedMessage[] }> =>
  ({ QueueUrl, MaxNumberOfMessages = 10 }, context) => {
    const queue = queues.get(QueueUrl, context);
    const { now } = scheduler;
    const rows = messages.page(queue.bucket, 0, MaxNumberOfMessages);
    return {
      Messages: rows.filter(([, , , sent]) => sent + queue.retention > now).map((row) => messageOf(queue, row, now)),
    };
  };

function messageOf(queue: Queue, row: MessageRow, now: number): PeekedMessage {
  const [id, , visibleAt, sent, receives, first, MessageId, MD5OfBody, Body, attributes, system, sender] = row;
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
    MD5OfBody,
    Body,
    Attributes: Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
    MessageAttributes: attributes === null ? {} : attributesOf(JSON.parse(attributes) as StoredAttributes), // as it was written
    visibleAt,
    state: visibleAt <= now ? 'visible' : receives > 0 ? 'inFlight' : 'delayed',
  };
}
