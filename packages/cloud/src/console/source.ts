import type { ClockMode } from '../kernel/clock.ts';
import type { Dispatcher } from '../kernel/dispatcher.ts';
import type { Aws, Settings } from '../kernel/service.ts';
import type { Trace } from '../kernel/trace.ts';

/** All that the console may use: the public operations and the views of the services, the trace, and the time. It has no store and no state. */
export interface ConsoleSource {
  readonly settings: Settings;
  readonly trace: Trace;
  /** Operations that are no hops: looking must not change what is looked at. */
  readonly aws: Aws;
  /** What services show beside AWS's operations. */
  readonly views: Dispatcher['views'];
  readonly clock: ClockMode;
  /** The cloud's time, ms. */
  readonly now: () => number;
  readonly version: string;
  /** The folder of the page; undefined: the API alone is served. */
  readonly page: string | undefined;
}
