import { purgeInProgress } from '../errors.ts';
import type { SqsDependencies, SqsOperations } from '../operation.ts';

const PURGE_EVERY_MS = 60_000;

export const purgeQueue =
  ({ queues, availability, scheduler }: SqsDependencies): SqsOperations['PurgeQueue'] =>
  ({ QueueUrl }, context) => {
    const queue = queues.get(QueueUrl, context);
    const { purged } = queue.definition;
    if (purged !== undefined && scheduler.now - purged < PURGE_EVERY_MS) throw purgeInProgress(queue.name);
    queues.purge(queue);
    availability.clear();
    return {};
  };
