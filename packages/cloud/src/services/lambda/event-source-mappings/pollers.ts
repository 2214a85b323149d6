import { Capacity } from './capacity.ts';
import type { EventSourceMapping } from './mapping.ts';
import { Poller, type PollerOptions } from './poller.ts';

/** Batches that run at once in a cloud. */
const MOST_RUNNING = 50;

/** The pollers of all mappings. */
export class Pollers {
  readonly #options: PollerOptions;
  readonly #pollers = new Map<string, Poller>();

  constructor(options: Omit<PollerOptions, 'capacity'>) {
    this.#options = { ...options, capacity: new Capacity(MOST_RUNNING) };
  }

  /** Begins, goes on otherwise, or ends: as the mapping says now. */
  apply(mapping: EventSourceMapping): void {
    const poller = this.#pollers.get(mapping.uuid);
    if (poller === undefined) this.#pollers.set(mapping.uuid, new Poller(mapping, this.#options));
    else poller.apply(mapping);
  }

  /** The mapping is gone. */
  end({ uuid }: EventSourceMapping): void {
    this.#pollers.get(uuid)?.stop();
    this.#pollers.delete(uuid);
  }

  /** Begins with all mappings, after a start. */
  resume(mappings: readonly EventSourceMapping[]): void {
    for (const mapping of mappings) this.apply(mapping);
  }

  stop(): void {
    for (const poller of this.#pollers.values()) poller.shutDown();
    this.#pollers.clear();
  }
}
