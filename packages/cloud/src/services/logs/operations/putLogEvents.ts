import type { InputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { check, groupName, streamName } from '../constraints.ts';
import { recordEmbedded } from '../embeddedMetrics.ts';
import { invalidParameter } from '../errors.ts';
import { EVENT_OVERHEAD, expiryOf, type LogGroup } from '../logGroup.ts';
import type { LogsDependencies, LogsOperations } from '../operation.ts';
import { eventId, sequenceToken } from '../tokens.ts';

const DAY = 86_400_000;
const FUTURE = 2 * 3_600_000;
const OLDEST = 14 * DAY;
const MAX_EVENTS = 10_000;
const MAX_BYTES = 1_048_576;

interface Batch {
  readonly bytes: number;
  /** The events from `from` to before `to` are taken; the others are too old, expired or too new. */
  readonly from: number;
  readonly to: number;
  readonly rejected:
    | { tooOldLogEventEndIndex?: number; expiredLogEventEndIndex?: number; tooNewLogEventStartIndex?: number }
    | undefined;
}

export const putLogEvents =
  ({
    groups,
    streams,
    events,
    retention,
    followers,
    scheduler,
    metrics,
    metricFilters,
  }: LogsDependencies): LogsOperations['PutLogEvents'] =>
  ({ logGroupName = '', logStreamName = '', logEvents = [] }, context) => {
    check(groupName(logGroupName), streamName(logStreamName), ...eventCount(logEvents));
    const group = groups.get(context, logGroupName);
    const stream = streams.get(group, logStreamName);
    const { now } = scheduler;
    const { from, to, bytes, rejected } = batchOf(logEvents, group, now);
    const first = logEvents[from]?.timestamp ?? 0;
    if (to > from) {
      const sequence = groups.append(group, to - from, bytes);
      for (let index = from; index < to; index++) {
        const { timestamp = 0, message = '' } = logEvents[index] ?? {};
        events.insert(group.id, stream.id, timestamp, sequence + index - from, now, message);
        recordEmbedded(metrics, context, message, timestamp);
      }
      streams.append(stream, bytes, first, logEvents[to - 1]?.timestamp ?? 0, now);
      retention.watch(group, context.cause, first);
      metricFilters.measure(group, () =>
        logEvents.slice(from, to).map(({ timestamp: at = 0, message = '' }) => ({ at, message })),
      );
      followers.tell(context, logGroupName, () =>
        logEvents.slice(from, to).map(({ timestamp: at = 0, message = '' }, index) => ({
          id: eventId({ at, sequence: sequence + index }),
          stream: logStreamName,
          at,
          message,
        })),
      );
    }
    return {
      nextSequenceToken: sequenceToken(stream.id, stream.batches + 1),
      ...(rejected === undefined ? {} : { rejectedLogEventsInfo: rejected }),
    };
  };

const eventCount = (logEvents: readonly InputLogEvent[]) => [
  logEvents.length === 0 && {
    at: 'logEvents',
    value: '[]',
    must: 'have length greater than or equal to 1',
  },
  logEvents.length > MAX_EVENTS && {
    at: 'logEvents',
    value: `[${logEvents.length} events]`,
    must: `have length less than or equal to ${MAX_EVENTS}`,
  },
];

/** Checks a batch as a whole, and finds the part of it whose time is acceptable. */
function batchOf(logEvents: readonly InputLogEvent[], group: LogGroup, now: number): Batch {
  const expiry = expiryOf(group, now);
  const tooOld = now - OLDEST;
  const tooNew = now + FUTURE;
  let total = 0;
  let bytes = 0;
  let previous = Number.NEGATIVE_INFINITY;
  let old = 0;
  let expired = 0;
  let to = logEvents.length;
  for (const [index, { timestamp, message }] of logEvents.entries()) {
    if (timestamp === undefined || message === undefined || message === '' || timestamp < 0) {
      check(violation(index, timestamp, message));
      continue;
    }
    if (timestamp < previous) {
      throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
    }
    previous = timestamp;
    const size = Buffer.byteLength(message) + EVENT_OVERHEAD;
    total += size;
    if (timestamp < tooOld) old = index + 1;
    else if (timestamp < expiry) expired = index + 1;
    else if (timestamp > tooNew) to = Math.min(to, index);
    else bytes += size;
  }
  if (total > MAX_BYTES) {
    throw invalidParameter(`Upload too large: ${total} bytes exceeds limit of ${MAX_BYTES}`);
  }
  if (previous - (logEvents[0]?.timestamp ?? 0) > DAY) {
    throw invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
  const from = Math.max(old, expired);
  const rejected = {
    ...(old > 0 ? { tooOldLogEventEndIndex: old } : {}),
    ...(expired > 0 ? { expiredLogEventEndIndex: expired } : {}),
    ...(to < logEvents.length ? { tooNewLogEventStartIndex: to } : {}),
  };
  return { bytes, from, to, rejected: Object.keys(rejected).length === 0 ? undefined : rejected };
}

function violation(index: number, timestamp: number | undefined, message: string | undefined) {
  const at = `logEvents.${index + 1}.member`;
  if (message === undefined) return { at: `${at}.message`, value: message, must: 'not be null' };
  if (message === '') return { at: `${at}.message`, value: message, must: 'have length greater than or equal to 1' };
  if (timestamp === undefined) return { at: `${at}.timestamp`, value: timestamp, must: 'not be null' };
  return { at: `${at}.timestamp`, value: timestamp, must: 'have value greater than or equal to 0' };
}
