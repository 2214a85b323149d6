import type * as sdk from '@aws-sdk/client-sqs';
import type { OperationsOf, ServiceEnvironment } from '../../kernel/service.ts';
import type { Availability } from './availability.ts';
import type { Mailbox } from './mailbox.ts';
import type { MoveTasks } from './moveTasks.ts';
import type { QueueStore } from './queueStore.ts';
import type { Queues } from './queues.ts';
import type { Receiver } from './receiver.ts';

export type SqsOperations = OperationsOf<typeof sdk>;

/** All that an SQS operation may use. */
export interface SqsDependencies extends ServiceEnvironment {
  readonly queues: Queues;
  readonly queueStore: QueueStore;
  readonly mailbox: Mailbox;
  readonly receiver: Receiver;
  readonly availability: Availability;
  readonly moveTasks: MoveTasks;
}
