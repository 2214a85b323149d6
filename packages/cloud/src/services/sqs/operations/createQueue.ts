import {
  invalidParameter,
  invalidValue,
  queueAlreadyExists,
  queueDeletedRecently,
  unknownAttribute,
} from '../errors.ts';
import type { SqsDependencies, SqsOperations } from '../operation.ts';
import { queueArn } from '../queue.ts';
import { checkAttributes, initialAttributes, type QueueAttributes, withChanges } from '../queueAttributes.ts';
import { checkRedrive } from '../redriveTarget.ts';

const DELETED_FOR_MS = 60_000;

export const createQueue =
  (dependencies: SqsDependencies): SqsOperations['CreateQueue'] =>
  ({ QueueName: name = '', Attributes = {}, tags = {} }, context) => {
    const { queues, queueStore, scheduler } = dependencies;
    const isFifo = Attributes['FifoQueue']?.toLowerCase() === 'true';
    checkName(name, isFifo);
    if (!isFifo && Attributes['FifoQueue'] !== undefined) throw unknownAttribute('FifoQueue');
    const checked = checkAttributes(Attributes, isFifo);
    const existing = queues.find(context, name);
    if (existing !== undefined) {
      checkSame(existing.definition.attributes, checked);
      return { QueueUrl: existing.url(context.endpoint) };
    }
    const deleted = queueStore.deletedAt(context, name);
    if (deleted !== undefined && scheduler.now - deleted < DELETED_FOR_MS) throw queueDeletedRecently();
    const attributes = withChanges(initialAttributes(isFifo), checked);
    checkRedrive(queues, { arn: queueArn(context, name), isFifo }, checked);
    const now = scheduler.now;
    const queue = queues.create(context, name, { attributes, tags, created: now, modified: now });
    return { QueueUrl: queue.url(context.endpoint) };
  };

function checkName(name: string, isFifo: boolean): void {
  if (name === '') throw invalidValue(name, 'QueueName', 'Must specify a queue name.');
  if (isFifo) {
    if (/^[A-Za-z0-9_-]{1,75}\.fifo$/.test(name)) return;
    throw invalidParameter(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    );
  }
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) {
    throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
  }
}

/** To make a queue again is no error, as long as nothing that is given differs. */
function checkSame(attributes: QueueAttributes, given: QueueAttributes): void {
  for (const [name, value] of Object.entries(given)) {
    if ((attributes[name] ?? '') !== value) throw queueAlreadyExists(name);
  }
}
