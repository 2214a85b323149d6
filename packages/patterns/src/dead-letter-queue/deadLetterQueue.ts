import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { type Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface DeadLetterQueueProps {
  /**
   * Whether it takes what a FIFO queue gave up: the dead-letter queue of a FIFO queue must be FIFO itself.
   *
   * @default false
   */
  readonly fifo?: boolean;
  /**
   * What becomes of the queue, and of the messages in it, when it leaves the stack.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** As long as SQS keeps a message. */
const RETENTION = Duration.days(14);

/**
 * Where messages end that nobody could handle, with an alarm that goes off at the first one. Messages stay for 14 days, encrypted, and are
 * reached over TLS only. Who is to hear of the alarm is added to {@link alarm}.
 *
 * @example
 * const { queue, alarm } = new DeadLetterQueue(this, 'DeadLetters');
 * new Queue(this, 'Queue', { deadLetterQueue: { queue, maxReceiveCount: 3 } });
 * alarm.addAlarmAction(new SnsAction(topic));
 */
export class DeadLetterQueue extends Construct {
  readonly queue: Queue;
  /** In alarm while one message or more waits in the queue. */
  readonly alarm: Alarm;

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps = {}) {
    super(scope, id);
    const { fifo = false, removalPolicy } = props;
    this.queue = new Queue(this, 'Queue', {
      // `fifo: false` is not valid in a template: SQS knows the property as true or absent.
      ...(fifo ? { fifo } : {}),
      ...(removalPolicy === undefined ? {} : { removalPolicy }),
      retentionPeriod: RETENTION,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    this.alarm = this.metricDepth().createAlarm(this, 'Alarm', {
      alarmDescription: `messages that could not be handled wait in the dead-letter queue of ${scope.node.path}`,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /** How many messages wait in the queue: the most in each minute. */
  metricDepth(): Metric {
    return this.queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' });
  }
}
