import type { LogStream as LogStreamOutput } from '@aws-sdk/client-cloudwatch-logs';
import { check, groupName, limit as limitOf } from '../constraints.ts';
import { invalidParameter, invalidToken } from '../errors.ts';
import { groupNameGiven } from '../groupGiven.ts';
import { type LogGroup, type LogStream, streamArn } from '../logGroup.ts';
import type { LogsDependencies, LogsOperations } from '../operation.ts';
import type { StreamPosition } from '../streamStore.ts';
import { listToken, positionInList, sequenceToken } from '../tokens.ts';

const MOST = 50;

export const describeLogStreams =
  ({ groups, streams }: LogsDependencies): LogsOperations['DescribeLogStreams'] =>
  (input, context) => {
    const { logStreamNamePrefix, orderBy = 'LogStreamName', descending = false, limit = MOST, nextToken } = input;
    const name = groupNameGiven(input);
    check(groupName(name), limitOf(limit, MOST));
    if (orderBy === 'LastEventTime' && logStreamNamePrefix !== undefined) {
      throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
    }
    const group = groups.get(context, name);
    const after = nextToken === undefined ? undefined : positionGiven(nextToken);
    const found =
      orderBy === 'LastEventTime'
        ? streams.byTime(group, descending, after, limit + 1)
        : streams.byName(group, logStreamNamePrefix ?? '', descending, after, limit + 1);
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    return {
      logStreams: shown.map((stream) => describe(stream, group)),
      ...(last === undefined || found.length <= limit
        ? {}
        : { nextToken: listToken({ name: last.name, at: last.lastEventAt ?? 0 } satisfies StreamPosition) }),
    };
  };

function positionGiven(token: string): StreamPosition {
  const position = positionInList(token);
  if (typeof position === 'object' && position !== null && 'name' in position && 'at' in position) {
    const { name, at } = position;
    if (typeof name === 'string' && typeof at === 'number') return { name, at };
  }
  throw invalidToken();
}

const describe = (stream: LogStream, group: LogGroup): LogStreamOutput => ({
  logStreamName: stream.name,
  creationTime: stream.createdAt,
  ...(stream.firstEventAt === undefined ? {} : { firstEventTimestamp: stream.firstEventAt }),
  ...(stream.lastEventAt === undefined ? {} : { lastEventTimestamp: stream.lastEventAt }),
  ...(stream.lastIngestedAt === undefined ? {} : { lastIngestionTime: stream.lastIngestedAt }),
  ...(stream.batches === 0 ? {} : { uploadSequenceToken: sequenceToken(stream.id, stream.batches) }),
  arn: streamArn(group.name, stream.name, group),
  storedBytes: 0,
});
