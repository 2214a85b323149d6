import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, defineCommand } from '../command.ts';
import { CommandError } from '../errors.ts';
import { type NamedQueue, orRefused, queueOf } from '../running/queueOf.ts';
import { ENDPOINT, findCloud, type RunningCloud } from '../running/runningCloud.ts';

const LOOK_AGAIN_MS = 50;

/** `skein queue redrive`. */
export const queueRedrive: Command = defineCommand({
  name: 'queue redrive',
  describe: 'Move the messages of a dead-letter queue back to the queues that they come from',
  argument: { name: 'queue', describe: 'name, URL or ARN of the dead-letter queue' },
  options: {
    to: { type: 'string', value: 'queue', describe: 'move them to this queue instead' },
    rate: { type: 'number', value: 'number', describe: 'most messages a second' },
    wait: { type: 'boolean', describe: 'do not wait until all are moved', default: true },
    endpoint: ENDPOINT,
  },
  examples: ['skein queue redrive orders-dead', 'skein queue redrive orders-dead --to orders-second-try --rate 10'],
  async run({ argument, to, rate, wait, endpoint }, { emit, stop, environment }) {
    const cloud = await findCloud({ endpoint, environment });
    const queue = queueOf(argument, cloud);
    await checkDeadLetterQueue(queue, cloud);
    const { TaskHandle } = await orRefused(
      cloud.call('AmazonSQS.StartMessageMoveTask', {
        SourceArn: queue.arn,
        DestinationArn: to === undefined ? undefined : queueOf(to, cloud).arn,
        MaxNumberOfMessagesPerSecond: rate,
      }),
      queue,
      cloud,
    );
    emit({
      code: 'REDRIVING',
      kind: 'step',
      message: `Moving the messages of ${queue.name} ${to === undefined ? 'back to where they come from' : `to ${to}`}`,
      data: { queue: queue.arn, taskHandle: TaskHandle },
    });
    if (!wait) return;
    const { status, moved, reason } = await ended(queue, cloud, stop);
    if (status !== 'COMPLETED') {
      const why = reason === undefined ? '' : `: ${reason}`;
      throw new CommandError(`the redrive of ${queue.name} is ${status} after ${moved} messages${why}`);
    }
    emit({
      code: 'REDRIVEN',
      kind: 'success',
      message: `Moved ${moved} message${moved === 1 ? '' : 's'} of ${queue.name}`,
      data: { queue: queue.arn, moved },
    });
  },
});

/** @throws {CommandError} when it is nobody's dead-letter queue */
async function checkDeadLetterQueue(queue: NamedQueue, cloud: RunningCloud): Promise<void> {
  const { queueUrls } = await orRefused(
    cloud.call('AmazonSQS.ListDeadLetterSourceQueues', { QueueUrl: queue.url }),
    queue,
    cloud,
  );
  if (Array.isArray(queueUrls) && queueUrls.length > 0) return;
  throw new CommandError(
    `${queue.name} is no queue's dead-letter queue: no RedrivePolicy names ${queue.arn}, so there is nothing to move back`,
  );
}

interface Ended {
  readonly status: string;
  readonly moved: number;
  readonly reason: string | undefined;
}

async function ended(queue: NamedQueue, cloud: RunningCloud, stop: AbortSignal): Promise<Ended> {
  for (;;) {
    const { Results } = await cloud.call('AmazonSQS.ListMessageMoveTasks', { SourceArn: queue.arn, MaxResults: 1 });
    const [task] = Results as readonly [Task]; // the one that was just started
    const { Status: status, ApproximateNumberOfMessagesMoved: moved = 0, FailureReason: reason } = task;
    if (status !== 'RUNNING' && status !== 'CANCELLING') return { status, moved, reason };
    await sleep(LOOK_AGAIN_MS, undefined, { signal: stop }).catch(() => {
      throw new CommandError(`stopped waiting: the redrive of ${queue.name} goes on`);
    });
  }
}

interface Task {
  readonly Status: string;
  readonly ApproximateNumberOfMessagesMoved?: number;
  readonly FailureReason?: string;
}
