import type { TimestampFormat } from './schema.ts';

/** A date as it stands on the wire in text: `2026-11-24T05:52:00Z`, an HTTP date, or seconds since 1970. */
export function writeTimestamp(date: Date, format: TimestampFormat): string {
  if (format === 'epoch-seconds') return String(date.getTime() / 1000);
  return format === 'http-date' ? date.toUTCString() : date.toISOString().replace('.000Z', 'Z');
}

const SECONDS = /^-?\d{1,14}(?:\.\d+)?(?:e[+-]?\d{1,2})?$/i;
const ISO = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const HTTP =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d(?:\.\d+)? GMT$/;

/** The date that a text of the wire stands for, in any of its formats; undefined when it is none. */
export function readTimestamp(text: string): Date | undefined {
  if (SECONDS.test(text)) return dateOf(Number(text));
  if (!ISO.test(text) && !HTTP.test(text)) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The date of seconds since 1970, exact to the millisecond; undefined when there is none. */
export function dateOf(seconds: number): Date | undefined {
  const date = new Date(Math.round(seconds * 1000));
  return Number.isNaN(date.getTime()) ? undefined : date;
}

let second = Number.NaN;
let dated = '';

/** The `Date` header of an instant. */
export function httpDate(at: number): string {
  const now = Math.floor(at / 1000);
  if (now !== second) {
    second = now;
    dated = new Date(now * 1000).toUTCString();
  }
  return dated;
}
