import { type Command, defineCommand } from '../command.ts';
import { orRefused, queueOf } from '../running/queueOf.ts';
import { ENDPOINT, findCloud } from '../running/runningCloud.ts';

/** `skein queue purge`. */
export const queuePurge: Command = defineCommand({
  name: 'queue purge',
  describe: 'Delete all messages of a queue, those in flight too; AWS lets a queue be purged once in 60 seconds',
  argument: { name: 'queue', describe: 'name, URL or ARN of the queue' },
  options: { endpoint: ENDPOINT },
  examples: ['skein queue purge orders'],
  async run({ argument, endpoint }, { emit, environment }) {
    const cloud = await findCloud({ endpoint, environment });
    const queue = queueOf(argument, cloud);
    await orRefused(cloud.call('AmazonSQS.PurgeQueue', { QueueUrl: queue.url }), queue, cloud);
    emit({ code: 'PURGED', kind: 'success', message: `${queue.name} is empty now`, data: { queue: queue.arn } });
  },
});
