import type { Hop, Trace } from '../kernel/trace.ts';

/** What a hop is to be like: only what is named counts. A regular expression matches a text; vitest's `expect.…` matchers work too. */
export interface HopMatch {
  readonly service?: string | RegExp;
  readonly operation?: string | RegExp;
  /** The ARN of what it was done to. */
  readonly resource?: string | RegExp;
  readonly target?: string | RegExp;
  /** The ARN of who did it, or a service principal. */
  readonly principal?: string | RegExp;
  /** `ok`, an AWS error code, `denied`, `throttled`, … */
  readonly outcome?: string | RegExp;
  readonly note?: string | RegExp;
  /** One of the hops that led to it, directly or over others. */
  readonly causedBy?: HopMatch;
}

/** How two values are compared: vitest's own way, so that `expect.stringContaining(…)` works. */
export type Equals = (actual: unknown, expected: unknown) => boolean;

/** The hops of a trace that are as described, oldest first. */
export function hopsLike(trace: Trace, match: HopMatch, equals: Equals): Hop[] {
  const all = trace.all();
  const byId = new Map(all.map((hop) => [hop.id, hop]));
  const isLike = (hop: Hop, { causedBy, ...parts }: HopMatch): boolean =>
    Object.entries(parts).every(([part, expected]) => isEqual(hop[part as keyof Hop], expected, equals)) && // a HopMatch's members are a Hop's
    (causedBy === undefined || causesOf(hop).some((cause) => isLike(cause, causedBy)));
  const causesOf = (hop: Hop): Hop[] => {
    const cause = byId.get(hop.cause);
    return cause === undefined ? [] : [cause, ...causesOf(cause)];
  };
  return all.filter((hop) => isLike(hop, match));
}

const isEqual = (actual: unknown, expected: unknown, equals: Equals): boolean =>
  expected === undefined ||
  (expected instanceof RegExp ? typeof actual === 'string' && expected.test(actual) : equals(actual, expected));

/** A hop in one line: what a failing test prints. */
export const lineOf = ({ id, cause, service, operation, resource, principal, outcome = 'still runs' }: Hop): string =>
  `#${id}${cause === 0 ? '' : ` (by #${cause})`} ${service}:${operation} on ${resource} as ${principal}: ${outcome}`;
