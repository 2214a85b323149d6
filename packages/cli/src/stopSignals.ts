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
  /** ms of a monotonic clock. @default - the machine's */
  readonly now?: () => number;
}

/** The user's wish to stop: the first signal aborts `stop`, a second one ends the process at once. */
export function watchStopSignals(options: StopSignalsOptions): Disposable & { readonly stop: AbortSignal } {
  const { onFirst, exit = process.exit, now = () => performance.now() } = options;
  const controller = new AbortController();
  let first: number | undefined;
  const listener = (): void => {
    const at = now();
    if (first === undefined) {
      first = at;
      onFirst();
      controller.abort();
    } else if (at - first > SAME_PRESS_MS) exit(INTERRUPTED);
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return {
    stop: controller.signal,
    [Symbol.dispose]() {
      for (const signal of SIGNALS) process.off(signal, listener);
    },
  };
}
