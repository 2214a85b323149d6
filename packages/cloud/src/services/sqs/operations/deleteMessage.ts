import { checkBatch, eachEntry } from '../batch.ts';
import { missingParameter } from '../errors.ts';
import type { SqsDependencies, SqsOperations } from '../operation.ts';

export const deleteMessage =
  ({ queues, mailbox }: SqsDependencies): SqsOperations['DeleteMessage'] =>
  ({ QueueUrl, ReceiptHandle }, context) => {
    const queue = queues.get(QueueUrl, context);
    mailbox.delete(queue, required(ReceiptHandle), context.cause);
    return {};
  };

export const deleteMessageBatch =
  ({ queues, mailbox }: SqsDependencies): SqsOperations['DeleteMessageBatch'] =>
  ({ QueueUrl, Entries }, context) => {
    const queue = queues.get(QueueUrl, context);
    checkBatch(Entries, 'DeleteMessageBatchRequestEntry');
    const { Successful, Failed } = eachEntry(Entries ?? [], ({ Id, ReceiptHandle }) => {
      mailbox.delete(queue, required(ReceiptHandle), context.cause);
      return { Id };
    });
    return { Successful: Successful.length > 0 ? Successful : undefined, Failed };
  };

/** @throws MissingParameter when there is no handle */
export function required(handle: string | undefined): string {
  if (handle === undefined || handle === '') throw missingParameter('ReceiptHandle');
  return handle;
}
