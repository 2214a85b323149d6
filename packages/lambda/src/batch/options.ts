import type { StandardSchema } from '../api/standardSchema.ts';

/** Takes what a batch has to say: a logger of `@skein/lambda/log` or of the framework, or anything else of this shape. */
export interface BatchLogger {
  error(message: string, detail: object): void;
  warn(message: string, detail: object): void;
}

interface CommonOptions<Value> {
  /**
   * Checks and types each record before its handler sees it: the body of a message, the data of a Kinesis record, the new image of a change. Any
   * validator that follows Standard Schema. What does not fit fails.
   *
   * @default - none: JSON as it is
   */
  readonly schema?: StandardSchema<unknown, Value>;
  /** Milliseconds that must be left of the invocation for another record to begin. What is not begun comes again. @default 1000 */
  readonly reserveMilliseconds?: number;
  /** Hears of failed records, by their ids, and of those that are left. @default - an object to the console */
  readonly logger?: BatchLogger;
}

/** Options for the messages of an SQS queue. */
export interface SqsBatchOptions<Body = unknown> extends CommonOptions<Body> {
  readonly source?: 'sqs';
  /** How many messages are handled at once; of a FIFO queue, how many groups: those of a group go one after the other. @default 1 */
  readonly parallelism?: number;
  /**
   * What is left for a later attempt after a message of a FIFO queue failed: the rest of the batch, as AWS advises, or only the rest of the
   * message's group. Standard queues promise no order: there nothing is left.
   *
   * @default 'batch'
   */
  readonly stopAfterFailure?: 'batch' | 'group';
  /**
   * The queue's own `maxReceiveCount`. A message of a FIFO queue that fails in its last attempt goes to the dead-letter queue next, so nothing
   * waits for it: what stands behind it is handled now. Left for later with it, it would go there unhandled, for it was received as often.
   *
   * @default - none: a failure holds up what stands behind it, in its last attempt too
   */
  readonly maxReceiveCount?: number;
}

/** Options for the records of a Kinesis stream. */
export interface KinesisBatchOptions<Body = unknown> extends CommonOptions<Body> {
  readonly source: 'kinesis';
}

/** Options for the changes of a DynamoDB table. */
export interface DynamoDbBatchOptions<Item = unknown> extends CommonOptions<Item> {
  readonly source: 'dynamodb';
}
