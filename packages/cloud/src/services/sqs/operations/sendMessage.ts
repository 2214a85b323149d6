import type { SendMessageBatchResultEntry } from '@aws-sdk/client-sqs';
import { checkBatch, eachEntry } from '../batch.ts';
import { batchTooLong, invalidParameter, missingParameter } from '../errors.ts';
import {
  type MessageInput,
  missingDeduplication,
  type ReadMessage,
  readMessage,
  senderOf,
  sequenceNumber,
  tooLarge,
} from '../newMessage.ts';
import type { SqsDependencies, SqsOperations } from '../operation.ts';
import type { Queue } from '../queue.ts';
import { checkSending } from '../queuePolicy.ts';

const MOST_BYTES = 1_048_576;

export const sendMessage =
  ({ queues, mailbox, random }: SqsDependencies): SqsOperations['SendMessage'] =>
  (input, context) => {
    const queue = queues.get(input.QueueUrl, context);
    checkSending(queue, context);
    const read = readMessage(queue, input, senderOf(context.principal), random.of(queue.arn).uuid());
    if (read.bytes > queue.maxSize) throw tooLarge(queue.maxSize, false);
    const { message } = read;
    const sent = mailbox.send(queue, message, context.cause);
    return {
      MD5OfMessageBody: message.md5,
      MD5OfMessageAttributes: read.attributesMd5,
      MessageId: sent.mid,
      SequenceNumber: queue.isFifo ? sequenceNumber(sent.id) : undefined,
    };
  };

export const sendMessageBatch =
  ({ queues, mailbox, random }: SqsDependencies): SqsOperations['SendMessageBatch'] =>
  ({ QueueUrl, Entries }, context) => {
    const queue = queues.get(QueueUrl, context);
    checkSending(queue, context);
    checkBatch(Entries, 'SendMessageBatchRequestEntry');
    const entries = Entries ?? [];
    checkFifo(queue, entries);
    const sender = senderOf(context.principal);
    const read = new Map<unknown, ReadMessage>();
    // Everything is read before anything is sent: the whole may be too long.
    const { Failed: unreadable = [] } = eachEntry(entries, (entry) => {
      const message = readMessage(queue, entry, sender, random.of(queue.arn).uuid());
      read.set(entry, message);
    });
    const bytes = [...read.values()].reduce((sum, message) => sum + message.bytes, 0);
    if (bytes > MOST_BYTES) throw batchTooLong(MOST_BYTES, bytes);
    const readable = entries.filter((entry) => read.has(entry));
    const { Successful, Failed = [] } = eachEntry(readable, (entry): SendMessageBatchResultEntry => {
      const { message, attributesMd5, bytes: size } = read.get(entry) as ReadMessage; // it is among the readable ones
      if (size > queue.maxSize) throw tooLarge(queue.maxSize, true);
      const sent = mailbox.send(queue, message, context.cause);
      return {
        Id: entry.Id,
        MessageId: sent.mid,
        MD5OfMessageBody: message.md5,
        MD5OfMessageAttributes: attributesMd5,
        SequenceNumber: queue.isFifo ? sequenceNumber(sent.id) : undefined,
      };
    });
    const failed = [...unreadable, ...Failed];
    // The SDK's type wants both lists; AWS leaves out the empty one.
    return {
      Successful: Successful.length > 0 ? Successful : undefined,
      Failed: failed.length > 0 ? failed : undefined,
    };
  };

/** What a FIFO queue asks of every message refuses a batch as a whole. */
function checkFifo(queue: Queue, entries: readonly MessageInput[]): void {
  if (!queue.isFifo) return;
  for (const { MessageGroupId, MessageDeduplicationId } of entries) {
    if (MessageGroupId === undefined) throw invalidParameter(missingParameter('MessageGroupId').message);
    if (MessageDeduplicationId === undefined && !queue.hasContentDeduplication) throw missingDeduplication();
  }
}
