import type { Context } from '../../../kernel/service.ts';
import { checkBatch, eachEntry } from '../batch.ts';
import { missingParameter } from '../errors.ts';
import type { SqsDependencies, SqsOperations } from '../operation.ts';
import type { Queue } from '../queue.ts';
import { required } from './deleteMessage.ts';
import { checkVisibility } from './receiveMessage.ts';

interface Change {
  readonly ReceiptHandle: string | undefined;
  readonly VisibilityTimeout?: number | undefined;
}

const change = (
  { mailbox }: SqsDependencies,
  queue: Queue,
  { ReceiptHandle, VisibilityTimeout }: Change,
  { cause, principal }: Context,
): void => {
  const handle = required(ReceiptHandle);
  if (VisibilityTimeout === undefined) throw missingParameter('VisibilityTimeout');
  checkVisibility(VisibilityTimeout);
  // Lambda's pollers give back so what they took and could not hand to anybody: it does not count as received.
  const isReturn = principal.kind === 'service' && principal.arn === 'lambda.amazonaws.com';
  mailbox.changeVisibility(queue, handle, VisibilityTimeout * 1000, cause, isReturn);
};

export const changeMessageVisibility =
  (dependencies: SqsDependencies): SqsOperations['ChangeMessageVisibility'] =>
  (input, context) => {
    change(dependencies, dependencies.queues.get(input.QueueUrl, context), input, context);
    return {};
  };

export const changeMessageVisibilityBatch =
  (dependencies: SqsDependencies): SqsOperations['ChangeMessageVisibilityBatch'] =>
  ({ QueueUrl, Entries }, context) => {
    const queue = dependencies.queues.get(QueueUrl, context);
    checkBatch(Entries, 'ChangeMessageVisibilityBatchRequestEntry');
    const { Successful, Failed } = eachEntry(Entries ?? [], (entry) => {
      change(dependencies, queue, entry, context);
      return { Id: entry.Id };
    });
    return { Successful: Successful.length > 0 ? Successful : undefined, Failed };
  };
