import type { Exit } from './functionProcess.ts';
import type { Status } from './platformLog.ts';

/** Why the cloud ended a process. */
export type End = 'timeout' | 'memory' | 'fault';

/** Why a process ended, in Lambda's words. */
export interface ExitReason {
  readonly status: Status;
  readonly text: string;
  readonly errorType: string;
}

const SIGNAL_NAMES: Readonly<Record<string, string>> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGILL: 'illegal instruction',
  SIGTRAP: 'trace/breakpoint trap',
  SIGBUS: 'bus error',
  SIGINT: 'interrupt',
  SIGHUP: 'hangup',
};

/** @param end - undefined: it ended by itself */
export function exitReason(end: End | undefined, exit: Exit, timeoutSeconds: number): ExitReason {
  if (end === 'timeout') {
    const text = `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
    return { status: 'timeout', text, errorType: 'Sandbox.Timedout' };
  }
  const errorType = end === 'memory' ? 'Runtime.OutOfMemory' : 'Runtime.ExitError';
  return { status: 'failure', text: textOf(end === undefined ? exit : { code: null, signal: 'SIGKILL' }), errorType };
}

function textOf({ code, signal }: Exit): string {
  if (signal !== null) return `Runtime exited with error: signal: ${SIGNAL_NAMES[signal] ?? signal}`;
  return code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`;
}
