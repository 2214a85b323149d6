import { invalidParameter } from '../errors.ts';
import type { SqsDependencies, SqsOperations } from '../operation.ts';

const MOST_TAGS = 50;

export const tagQueue =
  ({ queues }: SqsDependencies): SqsOperations['TagQueue'] =>
  ({ QueueUrl, Tags = {} }, context) => {
    const queue = queues.get(QueueUrl, context);
    const tags = { ...queue.definition.tags, ...Tags };
    if (Object.keys(tags).length > MOST_TAGS) throw invalidParameter(`Too many tags added for queue ${queue.name}.`);
    queues.define(queue, { ...queue.definition, tags });
    return {};
  };

export const untagQueue =
  ({ queues }: SqsDependencies): SqsOperations['UntagQueue'] =>
  ({ QueueUrl, TagKeys = [] }, context) => {
    const queue = queues.get(QueueUrl, context);
    const left = Object.entries(queue.definition.tags).filter(([key]) => !TagKeys.includes(key));
    queues.define(queue, { ...queue.definition, tags: Object.fromEntries(left) });
    return {};
  };

export const listQueueTags =
  ({ queues }: SqsDependencies): SqsOperations['ListQueueTags'] =>
  ({ QueueUrl }, context) => {
    const { tags } = queues.get(QueueUrl, context).definition;
    return Object.keys(tags).length === 0 ? {} : { Tags: { ...tags } };
  };
