import { resourceNotFound } from '../errors.ts';
import type { SnsDependencies, SnsOperations } from '../operation.ts';
import { checkTags, tagsOf } from '../tags.ts';
import type { Topic } from '../topic.ts';

function topicOf({ topics }: SnsDependencies, arn: string | undefined): Topic {
  const topic = topics.find(arn ?? '');
  if (topic === undefined) throw resourceNotFound();
  return topic;
}

export const tagResource =
  (dependencies: SnsDependencies): SnsOperations['TagResource'] =>
  ({ ResourceArn, Tags }) => {
    const { arn, tags: existing } = topicOf(dependencies, ResourceArn);
    const tags = { ...existing, ...tagsOf(Tags) };
    checkTags(tags);
    dependencies.topics.setTags(arn, tags);
    return {};
  };

export const untagResource =
  (dependencies: SnsDependencies): SnsOperations['UntagResource'] =>
  ({ ResourceArn, TagKeys = [] }) => {
    const { arn, tags } = topicOf(dependencies, ResourceArn);
    const left = Object.entries(tags).filter(([key]) => !TagKeys.includes(key));
    dependencies.topics.setTags(arn, Object.fromEntries(left));
    return {};
  };

export const listTagsForResource =
  (dependencies: SnsDependencies): SnsOperations['ListTagsForResource'] =>
  ({ ResourceArn }) => {
    const { tags } = topicOf(dependencies, ResourceArn);
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  };
