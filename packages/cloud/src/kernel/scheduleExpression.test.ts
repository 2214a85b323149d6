import { describe, expect, it } from 'vitest';
import { instantOf, nextCron, parseScheduleExpression } from './scheduleExpression.ts';

/** The next instants of a cron line after a time, in ISO form without seconds. */
function runs(line: string, after: string, count: number, zone?: string): string[] {
  const expression = parseScheduleExpression(`cron(${line})`);
  if (expression?.kind !== 'cron') throw new TypeError(`'${line}' is no cron line`);
  const found: string[] = [];
  let at: number | undefined = Date.parse(after);
  while (found.length < count) {
    at = nextCron(expression.cron, at, zone);
    if (at === undefined) break;
    found.push(new Date(at).toISOString().slice(0, 16));
  }
  return found;
}

describe('a cron expression', () => {
  it.each([
    ['0 10 * * ? *', '2026-01-01T10:00:00Z', ['2026-01-02T10:00', '2026-01-03T10:00']],
    ['0/20 8-9 ? * MON-FRI *', '2026-01-02T09:40:00Z', ['2026-01-05T08:00', '2026-01-05T08:20']],
    ['15 12 L * ? *', '2026-01-31T12:15:00Z', ['2026-02-28T12:15', '2026-03-31T12:15']],
    ['0 0 3W * ? *', '2026-01-01T00:00:00Z', ['2026-01-02T00:00', '2026-02-03T00:00']],
    ['0 0 1W * ? *', '2026-07-31T00:00:00Z', ['2026-08-03T00:00', '2026-09-01T00:00']],
    ['0 0 LW * ? *', '2026-05-01T00:00:00Z', ['2026-05-29T00:00', '2026-06-30T00:00']],
    ['0 9 ? * 3#2 *', '2026-01-01T00:00:00Z', ['2026-01-13T09:00', '2026-02-10T09:00']],
    ['0 9 ? * FRIL *', '2026-01-01T00:00:00Z', ['2026-01-30T09:00', '2026-02-27T09:00']],
    ['0 9 ? * L *', '2026-01-01T00:00:00Z', ['2026-01-03T09:00', '2026-01-10T09:00']],
    ['30 6 29 FEB ? *', '2026-01-01T00:00:00Z', ['2028-02-29T06:30', '2032-02-29T06:30']],
    ['0 0 1 1 ? 2027-2028', '2026-06-01T00:00:00Z', ['2027-01-01T00:00', '2028-01-01T00:00']],
    ['0 0 ? * FRI-MON *', '2026-01-02T00:00:00Z', ['2026-01-03T00:00', '2026-01-04T00:00']],
  ])('cron(%s) after %s', (line, after, expected) => {
    expect(runs(line, after, 2)).toEqual(expected);
  });

  it('ends with its last year', () => {
    expect(runs('0 0 1 1 ? 2027', '2026-06-01T00:00:00Z', 5)).toEqual(['2027-01-01T00:00']);
  });

  it.each([
    'cron(0 1 * * * *)',
    'cron(0 1 ? * ? *)',
    'cron(7 20 * * NOT *)',
    'cron(71 8 1 * ? *)',
    'cron(0 24 1 * ? *)',
    'cron(0 dummy ? * MON-FRI *)',
    'cron(0 0 32 * ? *)',
    'cron(0 0 ? * 8 *)',
    'cron(0 0 ? * 2#6 *)',
    'cron(0/0 * * * ? *)',
    'cron(0 0 * * ?)',
    'cron(0 0 * * ? 1969)',
    'cron()',
    'rate(0 minutes)',
    'rate(10)',
    'rate(10 years)',
    'rate( 10 minutes )',
    ' rate(10 minutes)',
    'at(2021-12-31)',
    'at(2021-12-31T23:59:59Z)',
    'at(2021-02-31T00:00:00)',
  ])('%s is none', (text) => {
    expect(parseScheduleExpression(text)).toBeUndefined();
  });
});

describe('a time zone', () => {
  it('keeps the local hour when the clocks change', () => {
    expect(runs('0 9 * * ? *', '2026-03-28T00:00:00Z', 3, 'Europe/Berlin')).toEqual([
      '2026-03-28T08:00',
      '2026-03-29T07:00',
      '2026-03-30T07:00',
    ]);
  });

  it('leaves out a time that does not exist', () => {
    expect(runs('30 2 * * ? *', '2026-03-28T12:00:00Z', 2, 'Europe/Berlin')).toEqual([
      '2026-03-30T00:30',
      '2026-03-31T00:30',
    ]);
  });

  it('runs once at a time that comes twice', () => {
    expect(runs('30 2 * * ? *', '2026-10-24T12:00:00Z', 2, 'Europe/Berlin')).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
  });

  it('gives the instant of a local time', () => {
    expect(instantOf(Date.UTC(2026, 6, 1, 12), 'Asia/Kolkata')).toBe(Date.UTC(2026, 6, 1, 6, 30));
    expect(instantOf(Date.UTC(2026, 2, 8, 2, 30), 'America/New_York')).toBeUndefined();
  });
});
