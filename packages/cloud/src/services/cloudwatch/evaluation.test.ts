import { describe, expect, it } from 'vitest';
import type { Alarm } from './alarm.ts';
import { unchecked } from './alarms.ts';
import { evaluate } from './evaluation.ts';

const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

/** What the last periods make of an alarm. @param points - the oldest first: `X` breaches, `0` does not, `-` is missing */
function stateOf(points: string, datapointsToAlarm: number, treatMissingData: string) {
  const alarm: Alarm = {
    account: '000000000000',
    region: 'us-east-1',
    name: 'many',
    actionsEnabled: true,
    okActions: [],
    alarmActions: [],
    insufficientDataActions: [],
    dimensions: [],
    period: 60,
    evaluationPeriods: 3,
    datapointsToAlarm,
    threshold: 5,
    comparisonOperator: 'GreaterThanThreshold',
    treatMissingData,
    tags: [],
    configuredAt: NOW,
    state: unchecked(NOW),
  };
  const letters = points.split(' ');
  const series = new Map(
    letters.flatMap((letter, index) => {
      const at = NOW - (letters.length - index) * MINUTE;
      return letter === '-' ? [] : [[at, letter === 'X' ? 9 : 0] as const];
    }),
  );
  return evaluate(alarm, series, NOW)?.state ?? 'retained';
}

describe("AWS's examples of missing data", () => {
  it.each([
    // 3 of 3
    ['0 - X - X', 3, 'OK', 'OK', 'OK', 'OK'],
    ['0 - - - -', 3, 'OK', 'OK', 'OK', 'OK'],
    ['- - - - -', 3, 'INSUFFICIENT_DATA', 'retained', 'ALARM', 'OK'],
    ['0 X X - X', 3, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['- - X - -', 3, 'ALARM', 'retained', 'ALARM', 'OK'],
    // 2 of 3
    ['0 - X - X', 2, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 2, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 - X - -', 2, 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - 0', 2, 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - X -', 2, 'ALARM', 'retained', 'ALARM', 'OK'],
  ])('%s with %i datapoints to alarm', (points, datapointsToAlarm, missing, ignore, breaching, notBreaching) => {
    const states = ['missing', 'ignore', 'breaching', 'notBreaching'].map((treat) =>
      stateOf(points, datapointsToAlarm, treat),
    );
    expect(states).toEqual([missing, ignore, breaching, notBreaching]);
  });
});
