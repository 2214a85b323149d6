/** Errors that nobody waited for, from now until it is disposed of. */
export interface OutsideErrors extends Disposable {
  /** The first one, told as what it is. Node tells of a promise that nobody awaits one turn of the event loop later. */
  latest(): Promise<Error | undefined>;
}

/**
 * Hears of what a test throws outside of its promise: in a timer, in a promise that is not awaited. Without it the process would end, or go on
 * as if nothing had been.
 */
export function outsideErrors(): OutsideErrors {
  let first: Error | undefined;
  const onError = (thrown: unknown): void => {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    first ??= new Error(`thrown outside of the test's promise, where nobody waits for it: ${text}`, { cause: thrown });
  };
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  return {
    async latest() {
      await new Promise<void>((resolve) => setImmediate(resolve));
      return first;
    },
    [Symbol.dispose]: () => {
      process.off('uncaughtException', onError);
      process.off('unhandledRejection', onError);
    },
  };
}
