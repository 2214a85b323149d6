import { QUEUE_URL } from '@skein/lambda/env';
import { Duration, type RemovalPolicy, Token } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { CfnQueue, type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../dead-letter-queue/deadLetterQueue.ts';
import { tagService } from '../service/serviceTags.ts';
import { poll } from './polled.ts';

export interface FifoerProps {
  /** The function that handles the messages. */
  readonly consumer: LambdaFunction;
  /**
   * The queue: FIFO, with a dead-letter queue of its own, and hiding a message for six times the consumer's timeout.
   *
   * @default - a queue of its own, with a dead-letter queue and an alarm
   */
  readonly queue?: IQueue | Queue;
  /**
   * How messages reach the consumer. `event-source`: Lambda brings them, groups side by side and each in order. `polled`: a schedule starts the
   * consumer, of which only one ever runs; it receives messages itself, deletes them and calls itself until the queue is empty. It finds
   * the queue in the variable `QUEUE_URL`.
   *
   * @default 'event-source'
   */
  readonly variant?: 'event-source' | 'polled';
  /**
   * Messages that the consumer gets at once, 1 to 10, in the variant `event-source`. With more than one, those behind a message that fails are
   * received as often as it is, and would go to the dead-letter queue with it: give `batch()` of `@skein/lambda/batch` the `maxReceiveCount`.
   *
   * @default 1
   */
  readonly batchSize?: number;
  /**
   * How often a message is tried before it goes to the dead-letter queue and its group goes on without it.
   *
   * @default 3
   */
  readonly maxReceiveCount?: number;
  /**
   * Whether messages without a deduplication id of their own are told apart by their content, over 5 minutes.
   *
   * @default true
   */
  readonly contentBasedDeduplication?: boolean;
  /**
   * How often the schedule starts the consumer, in the variant `polled`: a minute or more.
   *
   * @default Duration.minutes(1)
   */
  readonly interval?: Duration;
  /**
   * What becomes of the queues, and of the messages in them, when they leave the stack.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * The stage that the resources are tagged with.
   *
   * @default 'dev'
   */
  readonly stage?: string;
}

/** What AWS advises: the timeout of the consumer, and room for throttled attempts of its batch. */
const TIMEOUTS_OF_CONSUMER = 6;
/** A function that is not told has it. */
const DEFAULT_TIMEOUT = Duration.seconds(3);
const DEFAULT_VISIBILITY_SECONDS = 30;
const MAX_BATCH = 10;

/**
 * A queue whose messages are handled in the order in which they were sent, group by group: one consumer at a time for each message group. What cannot
 * be handled goes to a dead-letter queue with an alarm, and its group goes on.
 *
 * @example
 * const consumer = new ServiceFunction(this, 'Consumer', { entry: 'functions/bookings.ts' });
 * const bookings = new Fifoer(this, 'Bookings', { consumer });
 * bookings.grantSend(producer);
 */
export class Fifoer extends Construct {
  readonly queue: IQueue;
  /** There unless the queue was given, which has its own. */
  readonly deadLetters: DeadLetterQueue | undefined;
  readonly consumer: LambdaFunction;

  constructor(scope: Construct, id: string, props: FifoerProps) {
    super(scope, id);
    const { consumer, variant = 'event-source', batchSize, interval, stage = 'dev' } = props;
    this.consumer = consumer;
    if (props.queue === undefined) {
      this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', { fifo: true, ...removalOf(props) });
      this.queue = this.#newQueue(this.deadLetters, props);
    } else {
      checkQueue(props.queue, props);
      this.queue = props.queue as IQueue; // the CDK's classes fit its interfaces, but it was not compiled with exactOptionalPropertyTypes
    }
    if (variant === 'polled') {
      if (batchSize !== undefined) {
        throw new Error(
          "batchSize is given with the variant 'polled', where the consumer itself says how many it receives",
        );
      }
      consumer.addEnvironment(QUEUE_URL, this.queue.queueUrl);
      poll(this, { consumer, queue: this.queue, interval: interval ?? Duration.minutes(1) });
    } else {
      if (interval !== undefined) throw new Error("interval is given, but only the variant 'polled' has a schedule");
      this.#bring(batchSize ?? 1);
    }
    tagService([this, consumer], { service: id, pattern: 'fifoer', stage });
  }

  /** Lets somebody send messages. */
  grantSend(grantee: IGrantable): Grant {
    return this.queue.grant(grantee, 'sqs:SendMessage');
  }

  /** The age of the oldest message: rises while a group stands still, or the consumer cannot keep up. */
  metricAge(): Metric {
    return this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1) });
  }

  #newQueue({ queue: deadLetterQueue }: DeadLetterQueue, props: FifoerProps): IQueue {
    const { consumer, maxReceiveCount = 3, contentBasedDeduplication = true } = props;
    if (!Token.isUnresolved(maxReceiveCount) && !(Number.isInteger(maxReceiveCount) && maxReceiveCount >= 1)) {
      throw new Error(`maxReceiveCount is ${maxReceiveCount}, but must be a whole number from 1 on`);
    }
    return new Queue(this, 'Queue', {
      fifo: true,
      contentBasedDeduplication,
      visibilityTimeout: Duration.seconds(visibilitySeconds(consumer)),
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount },
      ...removalOf(props),
    }) as IQueue;
  }

  #bring(batchSize: number): void {
    if (!Token.isUnresolved(batchSize) && !(Number.isInteger(batchSize) && batchSize >= 1 && batchSize <= MAX_BATCH)) {
      throw new Error(`batchSize is ${batchSize}, but of a FIFO queue must be a whole number from 1 to ${MAX_BATCH}`);
    }
    this.consumer.addEventSource(new SqsEventSource(this.queue, { batchSize, reportBatchItemFailures: true }));
  }
}

const removalOf = ({ removalPolicy }: FifoerProps): { removalPolicy?: RemovalPolicy } =>
  removalPolicy === undefined ? {} : { removalPolicy };

/** @throws when the timeout is known only at deploy: nothing can be made of it here */
function visibilitySeconds({ timeout = DEFAULT_TIMEOUT, node }: LambdaFunction): number {
  if (timeout.isUnresolved()) {
    throw new Error(
      `the timeout of '${node.path}' is a token, of which the queue's visibility timeout cannot be made: give a number`,
    );
  }
  return timeout.toSeconds() * TIMEOUTS_OF_CONSUMER;
}

/** What props say of a queue that the construct makes. */
const OF_OWN_QUEUE = ['maxReceiveCount', 'contentBasedDeduplication', 'removalPolicy'] as const;

/** Refuses a queue that keeps no order or loses what cannot be handled, as far as that is known of it. */
function checkQueue(queue: IQueue | Queue, props: FifoerProps): void {
  const own = OF_OWN_QUEUE.find((name) => props[name] !== undefined);
  if (own !== undefined) throw new Error(`${own} is given together with queue: set it where the queue is made`);
  if (!queue.fifo)
    throw new Error(`queue '${queue.node.path}' is a standard queue, which keeps no order: give a FIFO queue`);
  if (!(queue instanceof Queue)) return;
  if (queue.deadLetterQueue === undefined) {
    throw new Error(
      `queue '${queue.node.path}' has no dead-letter queue, so a poison message would block its group for days`,
    );
  }
  const resource = queue.node.defaultChild;
  const { visibilityTimeout = DEFAULT_VISIBILITY_SECONDS } = resource instanceof CfnQueue ? resource : {};
  const wanted = visibilitySeconds(props.consumer);
  if (!Token.isUnresolved(visibilityTimeout) && visibilityTimeout < wanted) {
    throw new Error(
      `queue '${queue.node.path}' hides a message for ${visibilityTimeout} s, but should for ${wanted} s: six times the consumer's timeout`,
    );
  }
}
