import type { Target } from '@aws-sdk/client-eventbridge';
import type { DeliveryQueue, NewDelivery } from '../../kernel/deliveryQueue.ts';
import { EventPattern, PatternIndex } from '../../kernel/eventPattern.ts';
import type { Scope } from '../../kernel/names.ts';
import { RowCache } from '../../kernel/rowCache.ts';
import type { Scheduler } from '../../kernel/scheduler.ts';
import { archiveArn } from './archive.ts';
import { busArn } from './bus.ts';
import type { BusFaults } from './busFaults.ts';
import { type Event, timeOf } from './event.ts';
import { inputOf } from './inputTransformer.ts';
import type { EventBridgeStores } from './operation.ts';
import { isEnabled, type Rule, ruleArn } from './rule.ts';
import type { RuleMetrics } from './ruleMetrics.ts';
import type { BusScope } from './stores/ruleStore.ts';

/** An event for one target, as its delivery keeps it. */
export interface Job {
  readonly target: Target;
  readonly ruleArn: string;
  /** What the target is given. */
  readonly input: string;
  /** The event itself, as JSON; undefined when it is the input. */
  readonly event: string | undefined;
}

/** What is ready to take the events of one bus. */
interface Compiled {
  readonly rules: PatternIndex<string>;
  readonly byName: ReadonlyMap<string, { readonly rule: Rule; readonly targets: readonly Target[] }>;
  /** The bus's policy, as a document. */
  readonly policy: string | undefined;
  readonly archives: readonly { readonly arn: string; readonly pattern: EventPattern | undefined }[];
}

/** Takes events to the rules that they match: each target's share is a delivery from then on. */
export class Buses {
  readonly #stores: EventBridgeStores;
  readonly #deliveries: DeliveryQueue;
  readonly #scheduler: Scheduler;
  readonly #faults: BusFaults;
  readonly #metrics: RuleMetrics;
  readonly #compiled: RowCache<string, Compiled>;

  constructor(
    stores: EventBridgeStores,
    deliveries: DeliveryQueue,
    scheduler: Scheduler,
    faults: BusFaults,
    metrics: RuleMetrics,
  ) {
    this.#stores = stores;
    this.#deliveries = deliveries;
    this.#scheduler = scheduler;
    this.#compiled = new RowCache(scheduler);
    this.#faults = faults;
    this.#metrics = metrics;
  }

  /** The policy of a bus, as a document; undefined when it has none. */
  policyOf(scope: BusScope): string | undefined {
    return this.#compiledOf(scope).policy;
  }

  /** Says that rules, targets, archives or policies have changed. */
  changed(): void {
    this.#compiled.clear();
  }

  /**
   * Takes an event. One for a bus that is not there is lost, as in AWS.
   *
   * @param only - ARNs of the rules that may have it: those of a replay
   */
  put(scope: BusScope, event: Event, cause: number, only?: ReadonlySet<string>): void {
    const compiled = this.#compiledOf(scope);
    const text = JSON.stringify(event);
    if (event['replay-name'] === undefined) {
      for (const { arn, pattern } of compiled.archives) {
        if (pattern === undefined || pattern.matches(event)) this.#stores.archived.add(arn, this.#scheduler.now, text);
      }
    }
    // In the order of their names, so that a run can be repeated.
    let isMatched = false;
    for (const name of [...compiled.rules.match(event)].sort()) {
      const found = compiled.byName.get(name);
      if (found === undefined || only?.has(ruleArn(scope, name)) === false) continue;
      isMatched = true;
      this.send(found.rule, found.targets, event, cause, text);
    }
    if (isMatched) this.#metrics.matched(scope);
  }

  /** Sends an event to the targets of a rule, whatever its pattern. */
  send(
    rule: Rule,
    targets: readonly Target[],
    event: Event,
    cause: number,
    text: string = JSON.stringify(event),
  ): void {
    const owner = ruleArn(rule, rule.name);
    this.#metrics.count(owner, 'TriggeredRules');
    const ingestion = { ruleArn: owner, ruleName: rule.name, time: timeOf(this.#scheduler.now) };
    for (const target of targets) {
      const input = inputOf(target, text, event, ingestion);
      const job: Job = { target, ruleArn: owner, input, event: input === text ? undefined : text };
      const delivery = { owner, account: rule.account, region: rule.region, job: JSON.stringify(job), cause };
      if (this.#faults.any) this.#acceptDisturbed(delivery, String(event.id), target.Arn);
      else this.#deliveries.accept(delivery);
    }
  }

  #acceptDisturbed(delivery: NewDelivery, eventId: string, target: string | undefined): void {
    const { owner, cause } = delivery;
    const delayed = { ...delivery, delayMs: this.#faults.delayOf(owner, eventId) };
    this.#deliveries.accept(delayed);
    if (this.#faults.isDoubled(owner, eventId, target, cause)) this.#deliveries.accept(delayed);
  }

  #compiledOf(scope: BusScope): Compiled {
    const key = busArn(scope, scope.bus);
    let compiled = this.#compiled.get(key);
    if (compiled === undefined) {
      compiled = this.#compile(scope);
      this.#compiled.set(key, compiled);
    }
    return compiled;
  }

  #compile(scope: BusScope): Compiled {
    const { rules, archives, buses } = this.#stores;
    const statements = buses.find(scope, scope.bus)?.statements ?? [];
    const index = new PatternIndex<string>();
    const byName = new Map<string, { readonly rule: Rule; readonly targets: readonly Target[] }>();
    for (const rule of rules.list(scope)) {
      if (rule.eventPattern === undefined || !isEnabled(rule)) continue;
      index.set(rule.name, new EventPattern(rule.eventPattern));
      byName.set(rule.name, { rule, targets: rules.targets(rule) });
    }
    const source = busArn(scope, scope.bus);
    const ofBus = archives.list(scope satisfies Scope).filter(({ eventSourceArn }) => eventSourceArn === source);
    return {
      rules: index,
      policy: statements.length === 0 ? undefined : JSON.stringify({ Statement: statements }),
      byName,
      archives: ofBus.map(({ name, eventPattern }) => ({
        arn: archiveArn(scope, name),
        pattern: eventPattern === undefined ? undefined : new EventPattern(eventPattern),
      })),
    };
  }
}
