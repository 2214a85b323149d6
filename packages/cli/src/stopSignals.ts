/** Presses of Ctrl-C closer than this are one: npm passes the signal on to a process that the terminal has already told. */
const SAME_PRESS_MS = 300;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What shells expect of a process that ended by Ctrl-C. */
const INTERRUPTED = 130;

export interface StopSignalsOptions {
  /** Says that it will stop, and how to stop at once. */
  readonly onFirst: () => void;
  /** Ends the process at once. @default - `process.exit` */
  readonly exit?: (code: number) => void;
}

/** The user's wish to stop: the first signal aborts `stop`, a second one ends the process at once. */
export function watchStopSignals({ onFirst, exit = process.exit }: StopSignalsOptions): Disposable & {
  readonly stop: AbortSignal;
} {
  const controller = new AbortController();
  let first: number | undefined;
  const listener = (): void => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      onFirst();
      controller.abort();
    } else if (now - first > SAME_PRESS_MS) exit(INTERRUPTED);
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return {
    stop: controller.signal,
    [Symbol.dispose]() {
      for (const signal of SIGNALS) process.off(signal, listener);
    },
  };
}
