import type { Principal } from '../credentials.ts';
import type { Scope } from '../names.ts';

/** A queue that is polled for somebody: for an event source mapping, a pipe. */
export interface QueueSource extends Scope {
  /** The ARN of the mapping or the pipe. */
  readonly arn: string;
  readonly queueArn: string;
  /** For whom, in words: the function's name, the pipe's. */
  readonly name: string;
  /** Who calls SQS. @default - the service itself */
  readonly principal?: Principal | undefined;
  readonly enabled: boolean;
  /** Most messages of a batch. */
  readonly batchSize: number;
  /** How long a batch is gathered, in seconds. */
  readonly windowSeconds: number;
  /** Most batches that are worked on at once. @default - the poller's own scaling */
  readonly maximumConcurrency: number | undefined;
  /** Patterns of the language of events, of which a message must match one; none: all match. */
  readonly filters: readonly string[];
}

/** The URL of a queue of this cloud. @param endpoint - the cloud's own */
export function queueUrlOf(queueArn: string, endpoint: string): string {
  const [, , , , account, name] = queueArn.split(':');
  return `${endpoint}/${account}/${name}`;
}
