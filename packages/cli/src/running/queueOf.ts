import { CommandError } from '../errors.ts';
import { AwsRefusal, type RunningCloud } from './runningCloud.ts';

/** A queue of a running cloud. */
export interface NamedQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly isFifo: boolean;
}

/** The queue that a user means. @param typed - its name, URL or ARN */
export function queueOf(typed: string, { url, account, region }: RunningCloud): NamedQueue {
  const ofArn = /^arn:[\w-]+:sqs:([\w-]+):(\d{12}):(\S+)$/.exec(typed);
  const ofUrl = /\/(\d{12})\/([^/\s]+)\/?$/.exec(typed);
  const [home, owner, name] =
    ofArn !== null
      ? [ofArn[1], ofArn[2], ofArn[3]]
      : ofUrl !== null
        ? [region, ofUrl[1], ofUrl[2]]
        : [region, account, typed];
  if (name === undefined || !/^[\w-]{1,80}(\.fifo)?$/.test(name)) {
    throw new CommandError(`'${typed}' is no name, URL or ARN of a queue`, { exitCode: 2 });
  }
  return {
    name,
    url: `${url}/${owner}/${name}`,
    arn: `arn:aws:sqs:${home}:${owner}:${name}`,
    isFifo: name.endsWith('.fifo'),
  };
}

/** Makes a failure of a queue's operation one that a user understands. */
export async function orRefused<Output>(
  work: Promise<Output>,
  queue: NamedQueue,
  cloud: RunningCloud,
): Promise<Output> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AwsRefusal)) throw error;
    if (/NonExistentQueue|QueueDoesNotExist|ResourceNotFound/.test(error.code)) throw await unknownQueue(queue, cloud);
    throw new CommandError(`${queue.name}: ${error.message} (${error.code})`, { cause: error });
  }
}

/** What to say of a queue that is not there: which ones are. */
export async function unknownQueue({ name }: NamedQueue, cloud: RunningCloud): Promise<CommandError> {
  const { QueueUrls } = await cloud.call('AmazonSQS.ListQueues', {});
  const names = Array.isArray(QueueUrls) ? QueueUrls.map((url) => String(url).split('/').at(-1)) : [];
  const there = names.length === 0 ? 'there are none' : `there are ${names.join(', ')}`;
  return new CommandError(`there is no queue '${name}' in ${cloud.account}, ${cloud.region}: ${there}`);
}
