import { check, groupName } from '../constraints.ts';
import { groupNameOf, type LogGroup } from '../logGroup.ts';
import type { LogsDependencies, LogsOperations } from '../operation.ts';
import { checkTags } from '../tags.ts';

export const tagResource =
  ({ groups }: LogsDependencies): LogsOperations['TagResource'] =>
  ({ resourceArn = '', tags = {} }, context) => {
    tag(groups, groups.get(context, groupNameOf(resourceArn)), tags);
    return {};
  };

export const untagResource =
  ({ groups }: LogsDependencies): LogsOperations['UntagResource'] =>
  ({ resourceArn = '', tagKeys = [] }, context) => {
    groups.untag(groups.get(context, groupNameOf(resourceArn)), tagKeys);
    return {};
  };

export const listTagsForResource =
  ({ groups }: LogsDependencies): LogsOperations['ListTagsForResource'] =>
  ({ resourceArn = '' }, context) => ({ tags: groups.tags(groups.get(context, groupNameOf(resourceArn))) });

/** The older form, by name. */
export const tagLogGroup =
  ({ groups }: LogsDependencies): LogsOperations['TagLogGroup'] =>
  ({ logGroupName = '', tags = {} }, context) => {
    check(groupName(logGroupName));
    tag(groups, groups.get(context, logGroupName), tags);
    return {};
  };

/** The older form, by name. */
export const untagLogGroup =
  ({ groups }: LogsDependencies): LogsOperations['UntagLogGroup'] =>
  ({ logGroupName = '', tags = [] }, context) => {
    check(groupName(logGroupName));
    groups.untag(groups.get(context, logGroupName), tags);
    return {};
  };

/** The older form, by name. */
export const listTagsLogGroup =
  ({ groups }: LogsDependencies): LogsOperations['ListTagsLogGroup'] =>
  ({ logGroupName = '' }, context) => {
    check(groupName(logGroupName));
    return { tags: groups.tags(groups.get(context, logGroupName)) };
  };

function tag(groups: LogsDependencies['groups'], group: LogGroup, tags: Readonly<Record<string, string>>): void {
  checkTags({ ...groups.tags(group), ...tags });
  groups.tag(group, tags);
}
