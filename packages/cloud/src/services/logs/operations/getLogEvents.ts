import { check, groupName, limit as limitOf, streamName } from '../constraints.ts';
import { invalidParameter, invalidToken } from '../errors.ts';
import { BEGINNING, END, type EventPosition } from '../eventStore.ts';
import { groupNameGiven } from '../groupGiven.ts';
import { expiryOf } from '../logGroup.ts';
import type { LogsDependencies, LogsOperations } from '../operation.ts';
import { eventId, positionOf } from '../tokens.ts';

const MOST = 10_000;

export const getLogEvents =
  ({ groups, streams, events, scheduler }: LogsDependencies): LogsOperations['GetLogEvents'] =>
  (input, context) => {
    const { logStreamName, startTime = 0, endTime = Number.MAX_SAFE_INTEGER, limit = MOST, startFromHead } = input;
    const name = groupNameGiven(input);
    check(groupName(name), streamName(logStreamName), limitOf(limit, MOST));
    if (startTime < 0 || endTime < 0) throw invalidParameter('startTime and endTime must not be negative.');
    const token = input.nextToken === undefined ? undefined : tokenOf(input.nextToken);
    const group = groups.get(context, name);
    const stream = streams.get(group, logStreamName ?? '');
    const from = Math.max(startTime, expiryOf(group, scheduler.now));
    const forward = token === undefined ? startFromHead === true : token.forward;
    const found = forward
      ? events.after(stream.id, from, endTime, token?.position ?? BEGINNING, limit)
      : events.before(stream.id, from, endTime, token?.position ?? END, limit);
    const first = found[0] ?? token?.position ?? NOWHERE;
    const last = found.at(-1) ?? token?.position ?? NOWHERE;
    return {
      events: found.map(({ at, message, ingestedAt }) => ({ timestamp: at, message, ingestionTime: ingestedAt })),
      nextForwardToken: `f/${eventId(last)}/s`,
      nextBackwardToken: `b/${eventId(first)}/s`,
    };
  };

/** Of a stream that has no events: whatever comes is behind it, and nothing before it. */
const NOWHERE: EventPosition = { at: 0, sequence: 0 };

function tokenOf(token: string): { forward: boolean; position: EventPosition } {
  const [, direction, id = ''] = /^([fb])\/(\d+)\/s$/.exec(token) ?? [];
  const position = positionOf(id);
  if (position === undefined) throw invalidToken();
  return { forward: direction === 'f', position };
}
