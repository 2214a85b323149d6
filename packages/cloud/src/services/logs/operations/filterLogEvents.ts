import { check, groupName, limit as limitOf } from '../constraints.ts';
import { invalidParameter, invalidToken } from '../errors.ts';
import { BEGINNING, END, type EventPosition, type EventRange, PAGE_BYTES, type StreamEvent } from '../eventStore.ts';
import { parseFilterPattern } from '../filter-pattern/filterPattern.ts';
import { groupNameGiven } from '../groupGiven.ts';
import { EVENT_OVERHEAD, expiryOf, type LogGroup } from '../logGroup.ts';
import type { LogsDependencies, LogsOperations } from '../operation.ts';
import { eventId, searchPosition, searchToken } from '../tokens.ts';

const MOST = 10_000;
/** Events looked at for one page: a page may be empty and still have a token, as AWS's. No request is held up by a large group. */
const MOST_SEARCHED = 50_000;
const MAX_PATTERN = 1024;
/** From when on AWS searches against the order of time. */
const FIRST_BACKWARD = Date.UTC(2024, 0, 1);

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
    const token = input.nextToken === undefined ? undefined : searchPosition(input.nextToken);
    if (input.nextToken !== undefined && token === undefined) throw invalidToken();
    const direction = token?.direction ?? (input.startFromHead === false ? 'backward' : 'forward');
    if (direction === 'backward' && startTime < FIRST_BACKWARD) {
      throw invalidParameter('startFromHead can only be false when startTime is on or after Jan 1, 2024 00:00:00 UTC.');
    }
    const { groups, scheduler } = dependencies;
    const group = groups.get(context, name);
    const matches = parseFilterPattern(filterPattern);
    const isIn = inStreams(input);
    const range: EventRange = {
      from: Math.max(startTime, expiryOf(group, scheduler.now)),
      to: endTime,
      direction,
      position: token?.position ?? (direction === 'forward' ? BEGINNING : END),
    };
    const { found, next } = page(
      source(dependencies, group, input, range),
      ({ stream, message }) => isIn(stream) && matches(message),
      limit,
    );
    return {
      events: found.map((event) => ({
        logStreamName: event.stream,
        timestamp: event.at,
        message: event.message,
        ingestionTime: event.ingestedAt,
        eventId: eventId(event),
      })),
      searchedLogStreams: [],
      ...(next === undefined ? {} : { nextToken: searchToken(next, direction) }),
    };
  };

interface Streams {
  readonly logStreamNames?: readonly string[] | undefined;
  readonly logStreamNamePrefix?: string | undefined;
}

/** The events that a search looks at: of one stream by its index, of several in their group. @throws ResourceNotFoundException */
function source(
  { streams, events }: LogsDependencies,
  group: LogGroup,
  { logStreamNames = [] }: Streams,
  range: EventRange,
) {
  const [only, ...others] = logStreamNames.map((name) => streams.get(group, name));
  return only !== undefined && others.length === 0 ? events.scanStream(only.id, range) : events.scan(group.id, range);
}

/** Whether a search looks into a stream. */
function inStreams({ logStreamNames, logStreamNamePrefix = '' }: Streams): (stream: string) => boolean {
  if (logStreamNames === undefined) return (stream) => stream.startsWith(logStreamNamePrefix);
  const names = new Set(logStreamNames);
  return (stream) => names.has(stream);
}

function page(events: Iterable<StreamEvent>, matches: (event: StreamEvent) => boolean, limit: number) {
  const found: StreamEvent[] = [];
  let searched = 0;
  let bytes = 0;
  let last: EventPosition | undefined;
  for (const event of events) {
    if (found.length >= limit || bytes > PAGE_BYTES || searched >= MOST_SEARCHED) return { found, next: last };
    searched++;
    last = event;
    if (!matches(event)) continue;
    found.push(event);
    bytes += event.message.length + EVENT_OVERHEAD;
  }
  return { found, next: undefined };
}
