import type { Delivery } from '../../kernel/deliveryQueue.ts';
import type { Faults } from '../../kernel/faults.ts';
import type { ServiceEnvironment } from '../../kernel/service.ts';
import { busOfRule } from './rule.ts';

/** What faults of a bus do to events on their way to targets. They are drawn for each rule of it by itself. */
export class BusFaults {
  readonly #environment: ServiceEnvironment;

  constructor(environment: ServiceEnvironment) {
    this.#environment = environment;
  }

  get #faults(): Faults {
    return this.#environment.faults;
  }

  /** Whether there are any. */
  get any(): boolean {
    return this.#faults.any;
  }

  /** By how many ms an event comes late to a target. */
  delayOf(ruleArn: string, eventId: string): number {
    return this.#faults.delayOf(busOfRule(ruleArn), `event ${eventId}`, ruleArn);
  }

  /** Whether an event comes to a target twice. */
  isDoubled(ruleArn: string, eventId: string, target: string | undefined, cause: number): boolean {
    const { trace } = this.#environment;
    const resource = busOfRule(ruleArn);
    const note = `event ${eventId}`;
    if (!this.#faults.hits(resource, 'duplicate', note, ruleArn)) return false;
    const hop = { cause, service: 'eventbridge', operation: 'DuplicateEvent', principal: 'events.amazonaws.com' };
    trace.end(trace.begin({ ...hop, resource, target, note }), 'duplicate');
    return true;
  }

  /** Whether a delivery is lost on its way; then it is made again. */
  isLost({ owner, cause, attempts }: Delivery, target: string | undefined): boolean {
    const { trace } = this.#environment;
    const resource = busOfRule(owner);
    const note = `attempt ${attempts}`;
    if (!this.#faults.hits(resource, 'drop', `an event of ${owner}, ${note},`, owner)) return false;
    const hop = { cause, service: 'eventbridge', operation: 'DropEvent', principal: 'events.amazonaws.com' };
    trace.end(trace.begin({ ...hop, resource, target, note }), 'dropped');
    return true;
  }

  /** The order in which events go to targets. */
  order(ruleArn: string, due: readonly Delivery[]): readonly Delivery[] {
    return this.any ? this.#faults.order(busOfRule(ruleArn), due, ruleArn) : due;
  }
}
