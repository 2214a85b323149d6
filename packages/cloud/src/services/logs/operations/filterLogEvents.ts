import { check, groupName, limit as limitOf } from '../constraints.ts';
import { invalidParameter, invalidToken } from '../errors.ts';
import { type EventPosition, PAGE_BYTES, type StreamEvent } from '../eventStore.ts';
import { parseFilterPattern } from '../filter-pattern/filterPattern.ts';
import { groupNameGiven } from '../groupGiven.ts';
import { EVENT_OVERHEAD, expiryOf, type LogGroup } from '../logGroup.ts';
import type { LogsDependencies, LogsOperations } from '../operation.ts';
import { eventId, positionOf } from '../tokens.ts';

const MOST = 10_000;
/** Events looked at for one page: a page may be empty and still have a token, as AWS's. No request is held up by a large group. */
const MOST_SEARCHED = 50_000;
const MAX_PATTERN = 1024;

export const filterLogEvents =
  (dependencies: LogsDependencies): LogsOperations['FilterLogEvents'] =>
  (input, context) => {
    const { startTime = 0, endTime = Number.MAX_SAFE_INTEGER, limit = MOST, filterPattern = '' } = input;
    const name = groupNameGiven(input);
    check(
      groupName(name),
      limitOf(limit, MOST),
      filterPattern.length > MAX_PATTERN && {
        at: 'filterPattern',
        value: filterPattern,
        must: `have length less than or equal to ${MAX_PATTERN}`,
      },
      input.logStreamNames?.length === 0 && {
        at: 'logStreamNames',
        value: '[]',
        must: 'have length greater than or equal to 1',
      },
    );
    if (input.logStreamNames !== undefined && input.logStreamNamePrefix !== undefined) {
      throw invalidParameter('logStreamNames and logStreamNamePrefix are mutually exclusive parameters.');
    }
    if (startTime > endTime) throw invalidParameter('endTime must be greater than or equal to startTime.');
    const position = input.nextToken === undefined ? undefined : positionOf(input.nextToken);
    if (input.nextToken !== undefined && position === undefined) throw invalidToken();
    const { groups, scheduler } = dependencies;
    const group = groups.get(context, name);
    const matches = parseFilterPattern(filterPattern);
    const from = Math.max(startTime, expiryOf(group, scheduler.now));
    const start = position ?? { at: from - 1, sequence: Number.MAX_SAFE_INTEGER };
    const { found, next } = page(source(dependencies, group, input, start, endTime), matches, limit);
    return {
      events: found.map((event) => ({
        logStreamName: event.stream,
        timestamp: event.at,
        message: event.message,
        ingestionTime: event.ingestedAt,
        eventId: eventId(event),
      })),
      searchedLogStreams: [],
      ...(next === undefined ? {} : { nextToken: eventId(next) }),
    };
  };

/** The events that a search looks at, oldest first. */
function source(
  { streams, events }: LogsDependencies,
  group: LogGroup,
  {
    logStreamNames,
    logStreamNamePrefix = '',
  }: { logStreamNames?: string[] | undefined; logStreamNamePrefix?: string | undefined },
  start: EventPosition,
  end: number,
): Iterable<StreamEvent> {
  if (logStreamNames !== undefined) {
    return events.scanStreams(
      logStreamNames.map((name) => streams.get(group, name).id),
      start,
      end,
    );
  }
  const all = events.scan(group.id, start, end);
  return logStreamNamePrefix === '' ? all : ofStreams(all, logStreamNamePrefix);
}

function* ofStreams(events: Iterable<StreamEvent>, prefix: string): Generator<StreamEvent> {
  for (const event of events) if (event.stream.startsWith(prefix)) yield event;
}

function page(events: Iterable<StreamEvent>, matches: (message: string) => boolean, limit: number) {
  const found: StreamEvent[] = [];
  let searched = 0;
  let bytes = 0;
  let last: EventPosition | undefined;
  for (const event of events) {
    if (found.length >= limit || bytes > PAGE_BYTES || searched >= MOST_SEARCHED) return { found, next: last };
    searched++;
    last = event;
    if (!matches(event.message)) continue;
    found.push(event);
    bytes += event.message.length + EVENT_OVERHEAD;
  }
  return { found, next: undefined };
}
