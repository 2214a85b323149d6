import type { SqsDependencies, SqsOperations } from '../operation.ts';

export const deleteQueue =
  ({ queues, availability, moveTasks }: SqsDependencies): SqsOperations['DeleteQueue'] =>
  ({ QueueUrl }, context) => {
    const queue = queues.get(QueueUrl, context);
    moveTasks.forget(queue);
    queues.delete(queue);
    availability.clear();
    return {};
  };
