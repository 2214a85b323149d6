import { type Duration, wall } from './clock.ts';

/** The rejection of a `settle()` that did not come to its end. */
export class SettleError extends Error {
  override readonly name = 'SettleError';
  /** Who is running or due, waiting for what, caused by what: a line each. */
  readonly pending: readonly string[];

  constructor(reason: string, pending: readonly string[]) {
    super(`the cloud did not settle: ${reason}${pending.map((line) => `\n  - ${line}`).join('')}`);
    this.pending = pending;
  }
}

export interface SettleOptions {
  /** Also moves a virtual clock along delayed work (kind `progress`) until none is left. @default false */
  readonly advance?: boolean;
  /** Of the machine's time. @default '30 s' */
  readonly timeout?: Duration;
}

/** Looks every 50 ms of the machine's time whether to give up, and does so at the latest after `timeout` ms. */
export function watchSettling(timeout: number, isLoop: () => boolean, giveUp: (late: boolean) => void): Disposable {
  const end = wall.elapsed() + timeout;
  let timer: Disposable;
  const tick = (): void => {
    if (isLoop()) giveUp(false);
    else if (wall.elapsed() >= end) giveUp(true);
    else timer = wall.after(Math.min(50, end - wall.elapsed()), tick);
  };
  timer = wall.after(Math.min(50, timeout), tick);
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
