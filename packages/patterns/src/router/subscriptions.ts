import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { type ITopic, SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription, SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { DeadLetterQueue } from '../dead-letter-queue/deadLetterQueue.ts';
import type { RouterTask } from './router.ts';

// The CDK's classes fit its interfaces, but it was not compiled with exactOptionalPropertyTypes: so the casts.

/** Sends events of some types to a task; what cannot be delivered to it lies with what it fails at. */
export function subscribeTask(topic: ITopic, task: RouterTask, types: string[], { queue }: DeadLetterQueue): void {
  topic.addSubscription(
    new LambdaSubscription(task as IFunction, {
      filterPolicy: { type: SubscriptionFilter.stringFilter({ allowlist: types }) },
      deadLetterQueue: queue as IQueue,
    }),
  );
}

/** Keeps the events of all other types, and those without one: a topic would drop what no subscription asks for. */
export function subscribeUnknown(topic: ITopic, types: string[], { queue }: DeadLetterQueue): void {
  // An object for both conditions: the CDK has no "other than these, or none".
  const filter = new SubscriptionFilter([{ 'anything-but': types }, { exists: false }]);
  topic.addSubscription(new SqsSubscription(queue as IQueue, { filterPolicy: { type: filter } }));
}
