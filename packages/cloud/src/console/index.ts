export type {
  About,
  ApiError,
  ConsoleEvents,
  HopPage,
  HopRecord,
  HopTree,
  LogEvent,
  LogGroup,
  OutboxMessage,
  QueueContent,
  QueuedMessage,
  StackResource,
  StackSummary,
} from './api.ts';
export { type ConsoleGate, consoleGate } from './gate.ts';
export type { ConsoleSource } from './source.ts';
