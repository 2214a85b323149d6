export type {
  About,
  ApiError,
  ConsoleEvents,
  HopPage,
  HopRecord,
  HopTree,
  LogEvent,
  LogGroup,
  StackResource,
  StackSummary,
} from './api.ts';
export { type ConsoleGate, consoleGate } from './gate.ts';
export type { ConsoleSource } from './source.ts';
