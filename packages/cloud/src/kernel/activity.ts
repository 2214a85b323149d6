import { wall } from './clock.ts';
import type { Place } from './order.ts';

/**
 * What is going on. `invocation`: a function, from being posted to its answer. `request`: an operation that takes longer than one turn.
 * `delivery`: something on its way to the outside. `deploy`: a deployment.
 */
export type ActivityKind = 'invocation' | 'request' | 'delivery' | 'deploy';

/** A wait for an instant of the cloud's time. */
export interface Wait {
  /** Ends it without calling its `end`. Harmless when it has ended. */
  cancel(): void;
}

/** Something that runs. The cloud is not settled, and a virtual clock stands still, until it ends or does nothing but wait. */
export interface Activity extends Disposable {
  readonly kind: ActivityKind;
  readonly label: string;
  readonly cause: number;
  /** The activity that waits for this one: the invocation that made the request. */
  readonly parent: Activity | undefined;
  /** Says that it does nothing but wait, for the clock or for other activities. */
  pause(): void;
  /** Says that it runs again. */
  resume(): void;
  /** Waits (paused) until the cloud's time is `due` and then calls `end`: a sleep, a long poll. @param place - where an order asks */
  waitUntil(due: number, end: () => void, place?: Place): Wait;
  /** Calls `end` when the cloud's time is `due`, while it goes on: a timeout. */
  deadline(due: number, end: () => void): Wait;
  /** Calls `listener` when it has ended, for whatever reason: its client may be gone. */
  onEnd(listener: () => void): void;
}

/** What an activity tells the scheduler, and asks of it. */
export interface ActivityControl {
  ended(record: ActivityRecord): void;
  paused(): void;
  resumed(): void;
  wait(record: ActivityRecord, due: number, end: () => void, place: Place | undefined): Wait;
  now(): number;
  /** Whether an outside client's waits need no end in the machine's time. */
  isReal(): boolean;
}

/** An activity, as the scheduler knows it. */
export class ActivityRecord implements Activity {
  readonly kind: ActivityKind;
  readonly label: string;
  readonly cause: number;
  readonly parent: Activity | undefined;
  readonly #control: ActivityControl;
  readonly #waits = new Set<Wait>();
  #endListeners: (() => void)[] | undefined;
  running = true;
  #ended = false;

  constructor(
    control: ActivityControl,
    kind: ActivityKind,
    label: string,
    cause: number,
    parent: Activity | undefined,
  ) {
    this.#control = control;
    this.kind = kind;
    this.label = label;
    this.cause = cause;
    this.parent = parent;
  }

  /** The activity at whose end nobody here waits any more. */
  get root(): Activity {
    let root: Activity = this;
    while (root.parent !== undefined) root = root.parent;
    return root;
  }

  pause(): void {
    if (!this.running || this.#ended) return;
    this.running = false;
    this.#control.paused();
  }

  resume(): void {
    if (this.running || this.#ended) return;
    this.running = true;
    this.#control.resumed();
  }

  waitUntil(due: number, end: () => void, place?: Place): Wait {
    this.pause();
    const wait = this.#wait(
      due,
      () => {
        this.resume();
        end();
      },
      place,
    );
    return {
      cancel: () => {
        wait.cancel();
        this.resume();
      },
    };
  }

  deadline(due: number, end: () => void): Wait {
    return this.#wait(due, end);
  }

  /** An outside client counts in the machine's time: its wait ends at its virtual or its real end, whichever comes first. */
  #wait(due: number, end: () => void, place?: Place): Wait {
    const control = this.#control;
    let ended = false;
    let real: Disposable | undefined;
    const finish = (): boolean => {
      if (ended) return false;
      ended = true;
      this.#waits.delete(wait);
      entry.cancel();
      real?.[Symbol.dispose]();
      return true;
    };
    const wait: Wait = { cancel: () => void finish() };
    const entry = control.wait(
      this,
      due,
      () => {
        if (finish()) end();
      },
      place,
    );
    if (!control.isReal() && this.root.kind === 'request') {
      real = wall.after(due - control.now(), () => {
        if (finish()) end();
      });
    }
    this.#waits.add(wait);
    return wait;
  }

  onEnd(listener: () => void): void {
    (this.#endListeners ??= []).push(listener);
  }

  [Symbol.dispose](): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const wait of [...this.#waits]) wait.cancel();
    for (const listener of this.#endListeners ?? []) listener();
    this.#control.ended(this);
  }
}
