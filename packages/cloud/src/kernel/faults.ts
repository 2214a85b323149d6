import { type Duration, milliseconds } from './clock.ts';
import type { Random } from './random.ts';

/** What goes wrong with a share of the calls on a resource. */
export interface FaultOptions {
  /** The share of calls, 0 to 1. @default 1 */
  readonly rate?: number;
  /** Only calls of this operation, for example `PutItem`. @default - all */
  readonly operation?: string;
}

/** What goes wrong with a share of the messages of a resource (a queue, a topic, a bus). */
export interface MessageFaultOptions {
  /** The share of messages, 0 to 1. @default 1 */
  readonly rate?: number;
}

/** What may befall a message on its way. */
export type MessageFault = 'duplicate' | 'delay' | 'reorder' | 'drop';

interface Fault extends FaultOptions {
  readonly kind: 'throttle' | 'latency' | MessageFault;
  readonly milliseconds: number;
}

/** What a call meets: nothing, a refusal, or a delay in ms. */
export interface Trouble {
  readonly throttled: boolean;
  readonly delay: number;
}

/**
 * What a test or user asked to go wrong, by resource (its ARN). Draws are keyed by the resource and the number of the call there, so that
 * they do not depend on what else runs.
 */
export class Faults {
  readonly #random: Random;
  readonly #faults = new Map<string, Fault[]>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** Whether there are any: the hot path asks this alone. */
  get any(): boolean {
    return this.#faults.size > 0;
  }

  /** Answers calls on a resource with the throttling error of its service. */
  throttle(resource: string, options: FaultOptions = {}): Disposable {
    return this.#add(resource, { ...options, kind: 'throttle', milliseconds: 0 });
  }

  /** Delays calls on a resource by the cloud's time. */
  latency(resource: string, milliseconds: number, options: FaultOptions = {}): Disposable {
    return this.#add(resource, { ...options, kind: 'latency', milliseconds });
  }

  /** Delivers messages twice. */
  duplicate(resource: string, options: MessageFaultOptions = {}): Disposable {
    return this.#add(resource, { ...options, kind: 'duplicate', milliseconds: 0 });
  }

  /** Delivers messages later, by the cloud's time. */
  delay(resource: string, duration: Duration, options: MessageFaultOptions = {}): Disposable {
    return this.#add(resource, { ...options, kind: 'delay', milliseconds: milliseconds(duration) });
  }

  /** Delivers messages before others that came earlier, where the resource promises no order. */
  reorder(resource: string, options: MessageFaultOptions = {}): Disposable {
    return this.#add(resource, { ...options, kind: 'reorder', milliseconds: 0 });
  }

  /** Loses messages on their way to who receives them: they are delivered again as if that one had died. */
  drop(resource: string, options: MessageFaultOptions = {}): Disposable {
    return this.#add(resource, { ...options, kind: 'drop', milliseconds: 0 });
  }

  /** Ends all of them. */
  clear(): void {
    this.#faults.clear();
  }

  /** What this call meets. */
  meet(resource: string, operation: string): Trouble | undefined {
    const faults = this.#faults.get(resource);
    if (faults === undefined) return undefined;
    let throttled = false;
    let delay = 0;
    for (const fault of faults) {
      if (fault.kind !== 'throttle' && fault.kind !== 'latency') continue;
      if (fault.operation !== undefined && fault.operation !== operation) continue;
      if (this.#random.of(`fault/${fault.kind}/${resource}`).fraction() >= (fault.rate ?? 1)) continue;
      if (fault.kind === 'throttle') throttled = true;
      else delay += fault.milliseconds;
    }
    return throttled || delay > 0 ? { throttled, delay } : undefined;
  }

  /** For a service: whether the next message of a resource is hit. The n-th one asked for is always the n-th draw. */
  hits(resource: string, kind: MessageFault): boolean {
    return this.#drawn(resource, kind).length > 0;
  }

  /** For a service: by how many ms the next message of a resource is delayed. */
  delayOf(resource: string): number {
    return this.#drawn(resource, 'delay').reduce((sum, fault) => sum + fault.milliseconds, 0);
  }

  /** For a service: a place in a list of `count`, where a message that is hit by `reorder` comes from. */
  place(resource: string, count: number): number {
    return Math.floor(this.#random.of(`fault/place/${resource}`).fraction() * count);
  }

  #drawn(resource: string, kind: MessageFault): Fault[] {
    const faults = this.#faults.get(resource)?.filter((fault) => fault.kind === kind) ?? [];
    return faults.filter(({ rate = 1 }) => this.#random.of(`fault/${kind}/${resource}`).fraction() < rate);
  }

  #add(resource: string, fault: Fault): Disposable {
    const { rate = 1 } = fault;
    if (!(rate >= 0 && rate <= 1)) throw new RangeError(`a fault's rate must be between 0 and 1, not ${rate}`);
    const faults = this.#faults.get(resource) ?? [];
    this.#faults.set(resource, [...faults, fault]);
    return {
      [Symbol.dispose]: () => {
        const left = (this.#faults.get(resource) ?? []).filter((other) => other !== fault);
        if (left.length === 0) this.#faults.delete(resource);
        else this.#faults.set(resource, left);
      },
    };
  }
}
