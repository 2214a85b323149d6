import { check, groupName, streamName } from '../constraints.ts';
import type { LogsDependencies, LogsOperations } from '../operation.ts';

export const deleteLogStream =
  ({ groups, streams, events, retention }: LogsDependencies): LogsOperations['DeleteLogStream'] =>
  ({ logGroupName = '', logStreamName = '' }, context) => {
    check(groupName(logGroupName), streamName(logStreamName));
    const group = groups.get(context, logGroupName);
    const stream = streams.get(group, logStreamName);
    events.discard('stream', stream.id);
    streams.remove(stream);
    groups.shrink(group.id, stream.storedBytes);
    retention.clearDiscarded(context.cause);
    return {};
  };
