export { type ClientConfiguration, type Clock, type Cloud, type CloudOptions, startCloud } from './cloud.ts';
export type { ClockMode, Duration } from './kernel/clock.ts';
export type { FaultOptions } from './kernel/faults.ts';
export { SettleError, type SettleOptions } from './kernel/scheduler.ts';
export type { Hop, Outcome } from './kernel/trace.ts';
