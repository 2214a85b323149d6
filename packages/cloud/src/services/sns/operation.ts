import type * as sdk from '@aws-sdk/client-sns';
import type { OperationsOf, ServiceEnvironment } from '../../kernel/service.ts';
import type { Confirmations } from './confirmations.ts';
import type { Deliveries } from './deliveries.ts';
import type { Outbox } from './outbox.ts';
import type { Publisher } from './publisher.ts';
import type { SubscriptionStore } from './subscriptionStore.ts';
import type { TopicStore } from './topicStore.ts';

export type SnsOperations = OperationsOf<typeof sdk>;

/** All that an SNS operation may use. */
export interface SnsDependencies extends ServiceEnvironment {
  readonly topics: TopicStore;
  readonly subscriptions: SubscriptionStore;
  readonly deliveries: Deliveries;
  readonly confirmations: Confirmations;
  readonly publisher: Publisher;
  readonly outbox: Outbox;
}
