import { parseArn } from '../../../kernel/names.ts';
import { invalidParameter, invalidValue, missingParameter, resourceNotFound } from '../errors.ts';
import type { MoveTask } from '../moveTaskStore.ts';
import type { SqsDependencies, SqsOperations } from '../operation.ts';
import type { Queue } from '../queue.ts';
import type { Queues } from '../queues.ts';

const MOST_A_SECOND = 500;
const MOST_RESULTS = 10;

const noSuch = (parameter: string): Error =>
  resourceNotFound(`The resource that you specified for the ${parameter} parameter doesn't exist.`);

function queueOf(queues: Queues, arn: string | undefined, parameter: string): Queue {
  if (arn === undefined || arn === '') throw missingParameter(parameter);
  const parsed = parseArn(arn);
  const queue = parsed?.service === 'sqs' ? queues.findByArn(parsed) : undefined;
  if (queue === undefined) throw noSuch(parameter);
  return queue;
}

const handleOf = ({ id, source }: MoveTask): string =>
  Buffer.from(JSON.stringify({ taskId: id, sourceArn: source })).toString('base64');

export const startMessageMoveTask =
  ({ queues, moveTasks }: SqsDependencies): SqsOperations['StartMessageMoveTask'] =>
  ({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: rate }, { cause }) => {
    const source = queueOf(queues, SourceArn, 'SourceArn');
    if (queues.sourcesOf(source).length === 0) {
      throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
    }
    if (DestinationArn !== undefined) {
      const destination = queueOf(queues, DestinationArn, 'DestinationArn');
      if (destination === source) throw invalidParameter('Source queue and destination queue cannot be the same.');
      if (destination.isFifo !== source.isFifo) {
        throw invalidParameter('Source and destination queues must be of the same type.');
      }
    }
    if (rate !== undefined && (!Number.isInteger(rate) || rate < 1 || rate > MOST_A_SECOND)) {
      throw invalidValue(rate, 'MaxNumberOfMessagesPerSecond', `Must be between 1 and ${MOST_A_SECOND}.`);
    }
    if (moveTasks.of(source.arn, 1)[0]?.status === 'RUNNING') {
      throw invalidParameter(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    return { TaskHandle: handleOf(moveTasks.start(source, DestinationArn, rate, cause)) };
  };

export const cancelMessageMoveTask =
  ({ queues, moveTasks }: SqsDependencies): SqsOperations['CancelMessageMoveTask'] =>
  ({ TaskHandle }) => {
    const { taskId, sourceArn } = readHandle(TaskHandle);
    queueOf(queues, sourceArn, 'SourceArn');
    const task = moveTasks.get(taskId);
    if (task?.source !== sourceArn) throw resourceNotFound('Task does not exist.');
    if (task.status !== 'RUNNING') throw invalidParameter('Only active tasks can be cancelled.');
    moveTasks.cancel(task);
    return { ApproximateNumberOfMessagesMoved: task.moved };
  };

function readHandle(handle: string | undefined): { readonly taskId: string; readonly sourceArn: string } {
  if (handle === undefined || handle === '') throw missingParameter('TaskHandle');
  const text = Buffer.from(handle, 'base64').toString();
  try {
    const { taskId, sourceArn }: { taskId?: unknown; sourceArn?: unknown } = JSON.parse(text) ?? {};
    if (typeof taskId === 'string' && typeof sourceArn === 'string') return { taskId, sourceArn };
  } catch {
    // No JSON, no handle.
  }
  throw invalidParameter('Value for parameter TaskHandle is invalid.');
}

export const listMessageMoveTasks =
  ({ queues, moveTasks }: SqsDependencies): SqsOperations['ListMessageMoveTasks'] =>
  ({ SourceArn, MaxResults = 1 }) => {
    const source = queueOf(queues, SourceArn, 'SourceArn');
    if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > MOST_RESULTS) {
      throw invalidValue(MaxResults, 'MaxResults', `Must be between 1 and ${MOST_RESULTS}, if provided.`);
    }
    return {
      Results: moveTasks.of(source.arn, MaxResults).map((task) => ({
        TaskHandle: task.status === 'RUNNING' ? handleOf(task) : undefined,
        Status: task.status,
        SourceArn: task.source,
        DestinationArn: task.destination,
        MaxNumberOfMessagesPerSecond: task.rate,
        ApproximateNumberOfMessagesMoved: task.moved,
        ApproximateNumberOfMessagesToMove: task.toMove,
        FailureReason: task.failure,
        StartedTimestamp: task.started,
      })),
    };
  };
