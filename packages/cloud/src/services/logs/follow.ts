import type { Scope } from '../../kernel/names.ts';
import type { Store } from '../../kernel/store.ts';

/** An event as one who follows a log group sees it. */
export interface FollowedEvent {
  /** As FilterLogEvents gives it: who reads and follows tells by it what was seen. */
  readonly id: string;
  readonly stream: string;
  /** ms since 1970 */
  readonly at: number;
  readonly message: string;
}

/** Hears of the events of one call, in their order. */
export type LogListener = (events: readonly FollowedEvent[]) => void;

/** Who follows which log groups in this process: the page and the command, which show a log as it grows. */
export class LogFollowers {
  readonly #listeners = new Map<string, Set<LogListener>>();

  /** Calls `listener` with the events that a log group takes, until the result is disposed of. The group need not exist yet. */
  follow(scope: Scope, group: string, listener: LogListener): Disposable {
    const key = keyOf(scope, group);
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return {
      [Symbol.dispose]: () => {
        if (listeners.delete(listener) && listeners.size === 0) this.#listeners.delete(key);
      },
    };
  }

  /** Tells who follows a group. `events` is only called when somebody does. */
  tell(scope: Scope, group: string, events: () => readonly FollowedEvent[]): void {
    if (this.#listeners.size === 0) return;
    const listeners = this.#listeners.get(keyOf(scope, group));
    if (listeners === undefined) return;
    const told = events();
    for (const listener of listeners) listener(told);
  }
}

const keyOf = ({ account, region }: Scope, group: string): string => `${account}/${region}/${group}`;

const followers = new WeakMap<Store, LogFollowers>();

/** Those who follow the logs of the cloud whose state `store` is. Needs no running service, and loads none. */
export function logFollowersOf(store: Store): LogFollowers {
  let found = followers.get(store);
  if (found === undefined) followers.set(store, (found = new LogFollowers()));
  return found;
}
