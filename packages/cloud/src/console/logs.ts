import type { Aws } from '../kernel/service.ts';
import type { LogEvent, LogGroup } from './api.ts';

/** Lines are looked for again this far back: a function's output can come a little later than its time says. */
const LATE_MS = 5_000;
const PAGE = 1_000;

/** All log groups. */
export async function logGroupsOf(aws: Aws): Promise<LogGroup[]> {
  const groups: LogGroup[] = [];
  let token: string | undefined;
  do {
    const found = await aws.logs.DescribeLogGroups(token === undefined ? {} : { nextToken: token });
    for (const { logGroupName = '', creationTime } of found.logGroups ?? []) {
      groups.push({ name: logGroupName, createdAt: creationTime ?? null });
    }
    token = found.nextToken;
  } while (token !== undefined);
  return groups;
}

/** The lines of a log group from an instant on, oldest first, at most `limit` of the newest. */
export async function logEventsOf(aws: Aws, group: string, from: number, limit: number): Promise<LogEvent[]> {
  let events: LogEvent[] = [];
  let token: string | undefined;
  do {
    const found = await aws.logs.FilterLogEvents({
      logGroupName: group,
      startTime: from,
      limit: PAGE,
      ...(token !== undefined && { nextToken: token }),
    });
    for (const { eventId = '', logStreamName = '', timestamp = 0, message = '' } of found.events ?? []) {
      events.push({ id: eventId, stream: logStreamName, at: timestamp, message });
    }
    if (events.length > limit) events = events.slice(-limit);
    token = found.nextToken;
  } while (token !== undefined);
  return events;
}

/** Follows a log group: each call of `next` gives what is new. */
export class LogTail {
  readonly #aws: Aws;
  readonly #group: string;
  readonly #seen = new Map<string, number>();
  #from = 0;

  constructor(aws: Aws, group: string) {
    this.#aws = aws;
    this.#group = group;
  }

  async next(limit: number): Promise<LogEvent[]> {
    const events = await logEventsOf(this.#aws, this.#group, this.#from, limit).catch(noSuchGroup);
    const fresh = events.filter(({ id }) => !this.#seen.has(id));
    for (const { id, at } of fresh) {
      this.#seen.set(id, at);
      this.#from = Math.max(this.#from, at - LATE_MS);
    }
    for (const [id, at] of this.#seen) if (at < this.#from) this.#seen.delete(id);
    return fresh;
  }
}

/** A function that never ran has no log group yet. */
function noSuchGroup(error: unknown): LogEvent[] {
  if (error instanceof Error && error.name === 'ResourceNotFoundException') return [];
  throw error;
}
