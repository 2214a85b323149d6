import { expect, type MatcherState } from 'vitest';
import type { Cloud } from '../cloud.ts';
import type { SettleOptions } from '../kernel/settling.ts';
import type { Hop, Trace } from '../kernel/trace.ts';
import { type HopMatch, hopsLike, lineOf } from './hopMatch.ts';

/** What is added to `expect(…)`. */
export interface CloudMatchers<R> {
  /**
   * That at least one hop of a cloud (or its trace) is as described.
   *
   * @example
   * expect(cloud).toHaveHop({ service: 'dynamodb', operation: 'PutItem', causedBy: { service: 'lambda' } });
   */
  toHaveHop(match: HopMatch): R;
  /** That exactly so many hops of a cloud (or its trace) are as described. */
  toHaveHops(count: number, match: HopMatch): R;
  /** That a cloud settles. When it does not, the message lists who waits for what. Give it to `await`. */
  toSettle(options?: SettleOptions): Promise<R>;
}

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends CloudMatchers<R> {}
}

/** Lines of a failing message that show what there was. */
const SHOWN = 20;

/** Adds the matchers to vitest's `expect`. Importing `@skein/cloud/vitest` does so once. */
export function addMatchers(): void {
  expect.extend({
    toHaveHop(this: MatcherState, received: unknown, match: HopMatch) {
      const trace = traceOf(received, 'toHaveHop');
      const found = hopsLike(trace, match, this.equals);
      return {
        pass: found.length > 0,
        message: () =>
          found.length > 0
            ? `there is a hop like ${text(match)}, and there should be none:\n${linesOf(found)}`
            : `no hop is like ${text(match)}; there ${linesOfAll(trace)}`,
      };
    },
    toHaveHops(this: MatcherState, received: unknown, count: number, match: HopMatch) {
      const trace = traceOf(received, 'toHaveHops');
      const found = hopsLike(trace, match, this.equals);
      return {
        pass: found.length === count,
        message: () =>
          `${this.isNot ? 'not ' : ''}${count} hops should be like ${text(match)}, and ${found.length} are${
            found.length > 0 ? `:\n${linesOf(found)}` : `; there ${linesOfAll(trace)}`
          }`,
      };
    },
    async toSettle(received: unknown, options?: SettleOptions) {
      const failure = await cloudOf(received)
        .settle(options)
        .then(() => undefined, messageOf);
      return { pass: failure === undefined, message: () => failure ?? 'the cloud settled, and it should not have' };
    },
  });
}

const messageOf = (error: unknown): string => {
  if (error instanceof Error && error.name === 'SettleError') return error.message;
  throw error;
};

/** @throws {TypeError} when it is neither a cloud nor a trace */
function traceOf(received: unknown, matcher: string): Trace {
  const trace = isObject(received) && 'trace' in received ? received['trace'] : received;
  if (!isObject(trace) || !('causedBy' in trace)) throw new TypeError(`${matcher} needs a cloud, or a cloud's trace`);
  return trace as unknown as Trace; // it has what only a trace has
}

/** @throws {TypeError} when it is no cloud */
function cloudOf(received: unknown): Cloud {
  if (!isObject(received) || !('settle' in received)) throw new TypeError('toSettle needs a cloud');
  return received as unknown as Cloud; // it has what only a cloud has
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const text = (match: HopMatch): string =>
  JSON.stringify(match, (_, value) => (value instanceof RegExp ? String(value) : value));

const linesOf = (hops: readonly Hop[]): string =>
  [
    ...(hops.length > SHOWN ? [`  … ${hops.length - SHOWN} before`] : []),
    ...hops.slice(-SHOWN).map((hop) => `  ${lineOf(hop)}`),
  ].join('\n');

const linesOfAll = (trace: Trace): string => {
  const all = trace.all();
  return all.length === 0 ? 'are no hops at all' : `are ${all.length}:\n${linesOf(all)}`;
};
