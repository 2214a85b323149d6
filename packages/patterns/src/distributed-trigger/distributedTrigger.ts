import { TOPIC_ARN } from '@skein/lambda/env';
import { Duration, type RemovalPolicy, Token } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, type Grant, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../dead-letter-queue/deadLetterQueue.ts';
import { keepFailures } from '../dead-letter-queue/keepFailures.ts';
import { tagService } from '../service/serviceTags.ts';

export interface DistributedTriggerProps {
  /**
   * The function that an event source starts (a rule, a schedule, a bucket). It publishes what is to be known to the topic, whose ARN it finds in
   * the variable `TOPIC_ARN`.
   */
  readonly trigger: LambdaFunction;
  /** The function of each subscriber, by the subscriber's name. It gets batches of messages, as they were published, and reports those that failed. */
  readonly subscribers: Readonly<Record<string, LambdaFunction>>;
  /**
   * How often a message is tried before it goes to its subscriber's dead-letter queue.
   *
   * @default 3
   */
  readonly maxReceiveCount?: number;
  /**
   * How often Lambda tries again, after one and after two more minutes, what the trigger failed at: 0 to 2.
   *
   * @default 2
   */
  readonly retryAttempts?: number;
  /**
   * How long a queue keeps what its subscriber could not take: so long may a subscriber be down.
   *
   * @default Duration.days(14)
   */
  readonly retentionPeriod?: Duration;
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

/** A queue hides a message for so many times its consumer's timeout, as AWS advises. */
const VISIBILITY_FACTOR = 6;
const LAMBDA_DEFAULT_TIMEOUT = Duration.seconds(3);

/** What a subscriber has for itself. */
export interface TriggerSubscriber {
  readonly handler: LambdaFunction;
  readonly queue: Queue;
  readonly deadLetters: DeadLetterQueue;
}

/**
 * Tells one event to several parts of a service, each through a queue of its own: one that is down loses nothing, and holds up no other. The
 * topic in the middle is private: nobody but the trigger may publish to it.
 *
 * @example
 * new DistributedTrigger(this, 'Orders', { trigger, subscribers: { mail, stock } });
 */
export class DistributedTrigger extends Construct {
  readonly trigger: LambdaFunction;
  readonly topic: Topic;
  readonly subscribers: Readonly<Record<string, TriggerSubscriber>>;
  /** Where events end that the trigger failed at. */
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: DistributedTriggerProps) {
    super(scope, id);
    const { trigger, subscribers, maxReceiveCount = 3, retryAttempts = 2, stage = 'dev' } = props;
    if (Object.keys(subscribers).length === 0) throw new Error('subscribers is empty: give at least one, by its name');
    if (!Token.isUnresolved(maxReceiveCount) && maxReceiveCount < 1) {
      throw new Error(`maxReceiveCount is ${maxReceiveCount}, but a message is tried once at least`);
    }
    this.trigger = trigger;
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    this.#closeTopic();
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    keepFailures(trigger, this.deadLetters, retryAttempts);
    trigger.addEnvironment(TOPIC_ARN, this.topic.topicArn);
    this.#grantPublish();
    this.subscribers = Object.fromEntries(
      Object.entries(subscribers).map(([name, handler]) => [
        name,
        this.#subscribe(name, handler, maxReceiveCount, props),
      ]),
    );
    tagService([this, trigger, ...Object.values(subscribers)], { service: id, pattern: 'distributed-trigger', stage });
  }

  #grantPublish(): Grant {
    return this.topic.grantPublish(this.trigger);
  }

  /** Whatever else an identity may do: this topic is the trigger's alone. */
  #closeTopic(): void {
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlyTheTriggerPublishes',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': this.trigger.role?.roleArn } },
      }),
    );
  }

  #subscribe(
    name: string,
    handler: LambdaFunction,
    maxReceiveCount: number,
    { retentionPeriod = Duration.days(14), removalPolicy }: DistributedTriggerProps,
  ): TriggerSubscriber {
    const deadLetters = new DeadLetterQueue(this, `${name}DeadLetters`, {
      ...(removalPolicy === undefined ? {} : { removalPolicy }),
    });
    const timeout = handler.timeout ?? LAMBDA_DEFAULT_TIMEOUT;
    const queue = new Queue(this, `${name}Queue`, {
      ...(removalPolicy === undefined ? {} : { removalPolicy }),
      retentionPeriod,
      visibilityTimeout: Duration.seconds(timeout.toSeconds() * VISIBILITY_FACTOR),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: deadLetters.queue, maxReceiveCount },
    });
    // The CDK's classes fit its interfaces, but it was not compiled with exactOptionalPropertyTypes.
    this.topic.addSubscription(
      new SqsSubscription(queue as IQueue, { rawMessageDelivery: true, deadLetterQueue: deadLetters.queue as IQueue }),
    );
    (handler as IFunction).addEventSource(new SqsEventSource(queue as IQueue, { reportBatchItemFailures: true }));
    return { handler, queue, deadLetters };
  }
}
