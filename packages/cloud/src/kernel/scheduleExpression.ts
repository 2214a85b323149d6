import { type Cron, nextOf, parseCron } from './cron.ts';

/** When a rule or a schedule is due, as EventBridge and EventBridge Scheduler say it. */
export type ScheduleExpression =
  | { readonly kind: 'rate'; readonly every: number; readonly value: number; readonly unit: string }
  | { readonly kind: 'cron'; readonly cron: Cron }
  /** Once, at ms of a wall clock that is read as if it were UTC. */
  | { readonly kind: 'at'; readonly local: number };

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads `rate(5 minutes)`, `cron(0 10 * * ? *)` and `at(2026-01-31T10:00:00)`.
 *
 * @returns undefined when it is none of them
 */
export function parseScheduleExpression(text: string): ScheduleExpression | undefined {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const expression = read(text);
  if (expression !== undefined) {
    if (parsed.size >= MOST_PARSED) parsed.clear();
    parsed.set(text, expression);
  }
  return expression;
}

/** Schedules ask for their expression at each run. */
const parsed = new Map<string, ScheduleExpression>();
const MOST_PARSED = 10_000;

function read(text: string): ScheduleExpression | undefined {
  const [, kind, body = ''] = /^(rate|cron|at)\((.*)\)$/s.exec(text) ?? [];
  if (kind === 'rate') return rateOf(body);
  if (kind === 'at') return atOf(body);
  if (kind !== 'cron') return undefined;
  const cron = parseCron(body.trim());
  return cron && { kind: 'cron', cron };
}

function rateOf(body: string): ScheduleExpression | undefined {
  const [, digits = '', unit = ''] = /^(\d+) (minutes?|hours?|days?)$/.exec(body) ?? [];
  const value = Number(digits);
  const length = UNITS[unit.replace(/s$/, '')];
  return value > 0 && length !== undefined ? { kind: 'rate', every: value * length, value, unit } : undefined;
}

function atOf(body: string): ScheduleExpression | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body)) return undefined;
  const local = Date.parse(`${body}Z`);
  // A date that does not exist (the 31st of February) is another one when it is written back.
  return Number.isNaN(local) || new Date(local).toISOString().slice(0, 19) !== body ? undefined : { kind: 'at', local };
}

/**
 * The first instant after another one at which a cron expression is due in a time zone. A time that a change of the clock leaves out is left
 * out; one that comes twice counts once.
 *
 * @param zone - an IANA name, or `UTC`
 */
export function nextCron(cron: Cron, after: number, zone = 'UTC'): number | undefined {
  if (zone === 'UTC') return nextOf(cron, after);
  let local = nextOf(cron, after + offsetOf(after, zone));
  while (local !== undefined) {
    const instant = instantOf(local, zone);
    if (instant !== undefined && instant > after) return instant;
    local = nextOf(cron, local);
  }
  return undefined;
}

/** The first instant at which the clocks of a time zone show a time; undefined when they leave it out. */
export function instantOf(local: number, zone: string): number | undefined {
  if (zone === 'UTC') return local;
  // Offsets change by far less than a day: one of the two neighbours is the right one.
  const before = local - offsetOf(local - 86_400_000, zone);
  if (before + offsetOf(before, zone) === local) return before;
  const after = local - offsetOf(local + 86_400_000, zone);
  return after + offsetOf(after, zone) === local ? after : undefined;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The difference of a time zone's clocks from UTC at an instant, in ms. */
function offsetOf(instant: number, zone: string): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' });
    formats.set(zone, format);
  }
  const [, sign, hours = '0', minutes = '0', seconds = '0'] =
    /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(format.format(instant)) ?? [];
  const length = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -length : length;
}

/** Whether this machine knows a time zone. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
