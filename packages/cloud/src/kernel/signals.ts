/** Hears that something is to be had at a resource. @param cause - the id of the hop that made it so */
export type SignalListener = (cause: number) => void;

/**
 * How one service is woken by another without polling: by the ARN of a resource. A signal carries nothing and promises nothing; whoever hears
 * it looks through the resource's public operations. SQS: messages of a queue have become available.
 */
export class Signals {
  readonly #listeners = new Map<string, Set<SignalListener>>();
  readonly #added = new Set<(resource: string) => void>();

  /** Calls `listener` at each signal of a resource, until the result is disposed of. What is there already is told too, if anything is. */
  on(resource: string, listener: SignalListener): Disposable {
    const listeners = this.#listeners.get(resource) ?? new Set();
    this.#listeners.set(resource, listeners.add(listener));
    for (const added of this.#added) added(resource);
    return {
      [Symbol.dispose]: () => {
        listeners.delete(listener);
        if (listeners.size === 0 && this.#listeners.get(resource) === listeners) this.#listeners.delete(resource);
      },
    };
  }

  /** Whether anybody listens: a hot path asks this first. */
  has(resource: string): boolean {
    return this.#listeners.size > 0 && this.#listeners.has(resource);
  }

  /** Tells all that listen, in the order in which they came. */
  emit(resource: string, cause: number): void {
    for (const listener of [...(this.#listeners.get(resource) ?? [])]) listener(cause);
  }

  /** For the service that emits: calls `added` when somebody begins to listen to a resource, so that it may look what is there. */
  onAdded(added: (resource: string) => void): void {
    this.#added.add(added);
  }
}
