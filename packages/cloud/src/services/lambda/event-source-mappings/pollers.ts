import { QueuePollers } from '../../../kernel/queue-polling/pollers.ts';
import { FunctionConsumer, type FunctionConsumerOptions } from './functionConsumer.ts';
import { type EventSourceMapping, mappingArn } from './mapping.ts';

/** The pollers of all mappings. */
export class Pollers {
  readonly #options: FunctionConsumerOptions;
  readonly #queues: QueuePollers;

  constructor(options: FunctionConsumerOptions) {
    this.#options = options;
    this.#queues = new QueuePollers(options.environment);
  }

  /** Begins, goes on otherwise, or ends: as the mapping says now. */
  apply(mapping: EventSourceMapping): void {
    const arn = mappingArn(mapping, mapping.uuid);
    this.#queues.apply({ ...mapping, arn }, new FunctionConsumer(mapping, this.#options));
  }

  /** The mapping is gone. */
  end(mapping: EventSourceMapping): void {
    this.#queues.end(mappingArn(mapping, mapping.uuid));
  }

  /** Begins with all mappings, after a start. */
  resume(mappings: readonly EventSourceMapping[]): void {
    for (const mapping of mappings) this.apply(mapping);
  }

  stop(): void {
    this.#queues.stop();
  }
}
