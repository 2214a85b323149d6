import type { TimestampFormat } from './schema.ts';

/** A date as it stands on the wire in text: `2026-11-24T05:52:00Z`, an HTTP date, or seconds since 1970. */
export function writeTimestamp(date: Date, format: TimestampFormat): string {
  if (format === 'epoch-seconds') return String(date.getTime() / 1000);
  return format === 'http-date' ? date.toUTCString() : date.toISOString().replace('.000Z', 'Z');
}

/** The date that a text of the wire stands for, in any of its formats; undefined when it is none. */
export function readTimestamp(text: string): Date | undefined {
  const date = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? new Date(Number(text) * 1000) : new Date(text);
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
