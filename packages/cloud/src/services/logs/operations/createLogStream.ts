import { check, groupName, streamName } from '../constraints.ts';
import { alreadyExists } from '../errors.ts';
import type { LogsDependencies, LogsOperations } from '../operation.ts';

export const createLogStream =
  ({ groups, streams, scheduler }: LogsDependencies): LogsOperations['CreateLogStream'] =>
  ({ logGroupName = '', logStreamName = '' }, context) => {
    check(groupName(logGroupName), streamName(logStreamName));
    const group = groups.get(context, logGroupName);
    if (streams.find(group, logStreamName) !== undefined) throw alreadyExists('log stream');
    streams.insert(group, logStreamName, scheduler.now);
    return {};
  };
