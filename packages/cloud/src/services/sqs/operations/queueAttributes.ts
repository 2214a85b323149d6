import { invalidAttributeValue, unknownAttribute } from '../errors.ts';
import type { SqsDependencies, SqsOperations } from '../operation.ts';
import type { Queue } from '../queue.ts';
import { checkAttributes, isAttribute, withChanges } from '../queueAttributes.ts';
import { checkRedrive } from '../redriveTarget.ts';

export const getQueueAttributes =
  ({ queues }: SqsDependencies): SqsOperations['GetQueueAttributes'] =>
  ({ QueueUrl, AttributeNames = [] }, context) => {
    const queue = queues.get(QueueUrl, context);
    const names: readonly string[] = AttributeNames;
    const unknown = names.find((name) => name !== 'All' && !isAttribute(name));
    if (unknown !== undefined) throw unknownAttribute(unknown);
    const all = allAttributes(queues, queue);
    const wantsAll = names.includes('All');
    const chosen = Object.entries(all).filter(([name]) => wantsAll || names.includes(name));
    return { Attributes: chosen.length === 0 ? undefined : Object.fromEntries(chosen) };
  };

function allAttributes(queues: SqsDependencies['queues'], queue: Queue): Record<string, string> {
  const { total, inFlight, delayed } = queues.count(queue);
  const { attributes, created, modified } = queue.definition;
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(total - inFlight - delayed),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(created / 1000)),
    LastModifiedTimestamp: String(Math.floor(modified / 1000)),
    ...attributes,
  };
}

export const setQueueAttributes =
  ({ queues, availability, scheduler }: SqsDependencies): SqsOperations['SetQueueAttributes'] =>
  ({ QueueUrl, Attributes = {} }, context) => {
    const queue = queues.get(QueueUrl, context);
    if (queue.isFifo && (Attributes['FifoQueue'] ?? 'true').toLowerCase() !== 'true') {
      throw invalidAttributeValue('FifoQueue', 'Modifying queue type is not supported.');
    }
    const changes = checkAttributes(Attributes, queue.isFifo);
    checkRedrive(queues, queue, changes);
    const attributes = withChanges(queue.definition.attributes, changes);
    queues.define(queue, { ...queue.definition, attributes, modified: scheduler.now });
    if (changes['MessageRetentionPeriod'] !== undefined) availability.look(queue, context.cause);
    return {};
  };
