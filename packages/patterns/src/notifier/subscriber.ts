import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { FilterOrPolicy, ITopic, SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../dead-letter-queue/deadLetterQueue.ts';
import { keepFailures } from '../dead-letter-queue/keepFailures.ts';
import { tagService } from '../service/serviceTags.ts';

export interface SubscriberProps {
  /** The topic of the {@link Notifier}, made here or found by its ARN: `Topic.fromTopicArn(this, 'News', Fn.importValue('orders-topic'))`. */
  readonly topic: ITopic | Topic;
  /** The function that gets the news, one message at a time. */
  readonly handler: LambdaFunction;
  /**
   * Which messages it gets, by their attributes.
   *
   * @default - all
   */
  readonly filterPolicy?: Readonly<Record<string, SubscriptionFilter>>;
  /**
   * Which messages it gets, by what is in them: JSON.
   *
   * @default - all
   */
  readonly filterPolicyWithMessageBody?: Readonly<Record<string, FilterOrPolicy>>;
  /**
   * How often Lambda tries again, after one and after two more minutes, what the handler failed at: 0 to 2.
   *
   * @default 2
   */
  readonly retryAttempts?: number;
  /**
   * The stage that the resources are tagged with.
   *
   * @default 'dev'
   */
  readonly stage?: string;
}

/**
 * Hears the news of a {@link Notifier}, which needs not know of it: a subscription with a dead-letter queue and an alarm of its own. There
 * lies what could not be delivered and what the handler failed at; other subscribers are not affected.
 *
 * @example
 * const topic = Topic.fromTopicArn(this, 'News', Fn.importValue('orders-topic'));
 * new Subscriber(this, 'Mail', { topic, handler, filterPolicy: { type: SubscriptionFilter.stringFilter({ allowlist: ['placed'] }) } });
 */
export class Subscriber extends Construct {
  readonly handler: LambdaFunction;
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: SubscriberProps) {
    super(scope, id);
    const { topic, handler, filterPolicy, filterPolicyWithMessageBody, retryAttempts = 2, stage = 'dev' } = props;
    if (filterPolicy !== undefined && filterPolicyWithMessageBody !== undefined) {
      throw new Error(
        'filterPolicy is given together with filterPolicyWithMessageBody: a subscription filters by attributes or by what is in the message',
      );
    }
    this.handler = handler;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    keepFailures(handler, this.deadLetters, retryAttempts);
    // The CDK's classes fit its interfaces, but it was not compiled with exactOptionalPropertyTypes.
    (topic as ITopic).addSubscription(
      new LambdaSubscription(handler, {
        ...(filterPolicy === undefined ? {} : { filterPolicy }),
        ...(filterPolicyWithMessageBody === undefined ? {} : { filterPolicyWithMessageBody }),
        deadLetterQueue: this.deadLetters.queue as IQueue,
      }),
    );
    tagService([this, handler], { service: id, pattern: 'notifier', stage });
  }
}
