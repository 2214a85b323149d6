import type { ServiceEnvironment } from '../service.ts';
import { Capacity } from './capacity.ts';
import type { BatchConsumer } from './consumer.ts';
import { Poller } from './poller.ts';
import type { QueueSource } from './source.ts';

/** Batches of a service that run at once in a cloud. */
const MOST_RUNNING = 50;

/** The pollers of all queues that a service polls, by the ARNs of those for which it does. */
export class QueuePollers {
  readonly #environment: ServiceEnvironment;
  readonly #capacity = new Capacity(MOST_RUNNING);
  readonly #pollers = new Map<string, Poller>();

  constructor(environment: ServiceEnvironment) {
    this.#environment = environment;
  }

  /** Begins, goes on otherwise, or ends: as the source says now. */
  apply(source: QueueSource, consumer: BatchConsumer): void {
    const poller = this.#pollers.get(source.arn);
    if (poller !== undefined) {
      poller.apply(source, consumer);
      return;
    }
    const options = { environment: this.#environment, capacity: this.#capacity };
    this.#pollers.set(source.arn, new Poller(source, consumer, options));
  }

  /** Nobody wants its messages any more. @param arn - of the source */
  end(arn: string): void {
    this.#pollers.get(arn)?.stop();
    this.#pollers.delete(arn);
  }

  /** The cloud ends. */
  stop(): void {
    for (const poller of this.#pollers.values()) poller.shutDown();
    this.#pollers.clear();
  }
}
