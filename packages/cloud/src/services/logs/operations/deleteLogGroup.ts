import { check, groupName } from '../constraints.ts';
import { deletionProtected } from '../errors.ts';
import type { LogsDependencies, LogsOperations } from '../operation.ts';

export const deleteLogGroup =
  ({ groups, streams, events, metricFilters, retention }: LogsDependencies): LogsOperations['DeleteLogGroup'] =>
  ({ logGroupName = '' }, context) => {
    check(groupName(logGroupName));
    const group = groups.get(context, logGroupName);
    if (group.deletionProtection) throw deletionProtected();
    events.discard('group', group.id);
    streams.removeAllOf(group);
    metricFilters.removeAllOf(group);
    groups.remove(group);
    retention.clearDiscarded(context.cause);
    return {};
  };
