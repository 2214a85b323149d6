import type { AnyResourceType } from '../../kernel/resourceType.ts';
import type { QueueStore } from './queueStore.ts';
import { queueType } from './resources/queue.ts';
import { queueInlinePolicy, queuePolicy } from './resources/queuePolicy.ts';

/** The CloudFormation resource types of SQS. */
export const resources = (queues: QueueStore): Readonly<Record<string, AnyResourceType>> => ({
  'AWS::SQS::Queue': queueType(queues),
  'AWS::SQS::QueuePolicy': queuePolicy,
  'AWS::SQS::QueueInlinePolicy': queueInlinePolicy,
});
