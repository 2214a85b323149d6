/**
 * Time outside the cloud: the machine's. Only the kernel and what talks to processes and sockets may ask for it;
 * services ask the scheduler.
 */
export const wall = {
  /** Milliseconds since 1970. */
  now: (): number => Date.now(),

  /** Milliseconds of a monotonic clock, with fractions: for durations. */
  elapsed: (): number => {
    // Not `performance`, whose first use loads node:perf_hooks: 1.7 ms at every start.
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1000 + nanoseconds / 1e6;
  },

  /** Calls `run` after `ms` milliseconds of the machine's time; does not keep the process alive. */
  after(ms: number, run: () => void): Disposable {
    const timer = setTimeout(run, Math.min(Math.max(ms, 0), MAX_TIMER_MS));
    timer.unref();
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
} as const;

/** The longest delay that a timer of Node takes: 2^31 - 1 ms, about 24.8 days. A longer one is set again when it ends. */
export const MAX_TIMER_MS = 2_147_483_647;

/** How a cloud's time passes: as the machine's, or only when a test moves it. */
export type ClockMode = 'real' | 'virtual';

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  millisecond: 1,
  s: 1000,
  second: 1000,
  m: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  week: 604_800_000,
};

/** A length of time: milliseconds, or words such as `'6 minutes'`, `'90 s'`, `'2 days'`. */
export type Duration = number | string;

/**
 * The milliseconds of a duration.
 *
 * @throws {TypeError} when the words are none that it knows.
 */
export function milliseconds(duration: Duration): number {
  if (typeof duration === 'number') {
    if (Number.isFinite(duration) && duration >= 0) return duration;
    throw new TypeError(`a duration must be a number of milliseconds of 0 or more, not ${duration}`);
  }
  let total = 0;
  let rest = duration.trim().toLowerCase();
  while (rest !== '') {
    const match = /^(\d+(?:\.\d+)?)\s*([a-z]+)[\s,]*/.exec(rest);
    const unit = match?.[2];
    const factor = unit === undefined ? undefined : (UNITS[unit] ?? UNITS[unit.replace(/s$/, '')]);
    if (match === null || factor === undefined) {
      throw new TypeError(
        `cannot read the duration '${duration}': write it like '90 s', '6 minutes' or '1 hour 30 minutes'`,
      );
    }
    total += Number(match[1]) * factor;
    rest = rest.slice(match[0].length);
  }
  return total;
}
