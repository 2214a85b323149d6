import type { Context } from '../../kernel/service.ts';
import { queueArn } from './queue.ts';
import type { Queues } from './queues.ts';
import { parseQueueUrl } from './queueUrl.ts';

interface WithUrl {
  readonly QueueUrl?: string | undefined;
}

/** The queue of a URL, whether there is one or not. */
export const onUrl =
  (queues: Queues) =>
  ({ QueueUrl }: WithUrl, context: Context): string => {
    const known = queues.known(QueueUrl, context);
    if (known !== undefined) return known.arn;
    try {
      const { name, ...scope } = parseQueueUrl(QueueUrl, context.region);
      return queueArn(scope, name);
    } catch {
      // The operation says what is wrong with it.
      return '*';
    }
  };

export const onName = ({ QueueName = '' }: { readonly QueueName?: string | undefined }, context: Context): string =>
  queueArn(context, QueueName);

export const onSource = ({ SourceArn = '*' }: { readonly SourceArn?: string | undefined }): string => SourceArn;
