import { test } from 'vitest';
import {
  type ExploreOptions,
  type ExploreTest,
  explore as exploreAlone,
  readFailure,
  summaryText,
} from '../explore/index.ts';
import { milliseconds } from '../kernel/clock.ts';

/** What is added to the time for the search: starting, shrinking, and running in fresh processes. */
const BESIDE_SEARCH_MS = 120_000;

/** Of a vitest test: what is replayed, and the test's file, are known. */
export type ExploreTestOptions = Omit<ExploreOptions, 'replay' | 'testFile'>;

/**
 * A vitest test that runs under many orders of what happens in the system, and fails when it fails under one of them. With the variable
 * SKEIN_REPLAY only the test of that record runs, under that one schedule.
 *
 * @example
 * explore('an order is charged once', { app: '.', schedules: 500, faults: { duplicate: 0.1 } }, async ({ app, cloud }) => {
 *   await Promise.all([placeOrder(app), placeOrder(app)]);
 *   await cloud.settle({ advance: true });
 *   expect(await charges(app)).toBe(1);
 * });
 */
export function explore(name: string, options: ExploreTestOptions, body: ExploreTest): void {
  const timeout = milliseconds(options.budget ?? '60 s') + BESIDE_SEARCH_MS;
  test(name, { timeout }, async ({ task, annotate, skip }) => {
    const other = otherTest(name);
    if (other !== undefined) skip(`SKEIN_REPLAY is a record of '${other}'`);
    const summary = await exploreAlone(name, { ...options, testFile: task.file.filepath }, body);
    await annotate(summaryText(summary), 'explore');
  });
}

/** The test that is replayed now, when it is another one. @throws {ReplayError} when the record cannot be read */
function otherTest(name: string): string | undefined {
  const path = process.env['SKEIN_REPLAY'];
  if (path === undefined || path === '') return undefined;
  const { test: recorded } = readFailure(path);
  return recorded === name ? undefined : recorded;
}
