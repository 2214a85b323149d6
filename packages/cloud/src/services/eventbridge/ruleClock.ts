import type { ServiceEnvironment } from '../../kernel/service.ts';
import type { Buses } from './buses.ts';
import { eventOf } from './event.ts';
import { nextDueOf, type Rule, ruleArn } from './rule.ts';
import type { RuleStore } from './stores/ruleStore.ts';

/** Scheduled rules: one wake-up for all of them, at the first that is due. */
export class RuleClock {
  readonly #environment: ServiceEnvironment;
  readonly #rules: RuleStore;
  readonly #buses: Buses;

  constructor(environment: ServiceEnvironment, rules: RuleStore, buses: Buses) {
    this.#environment = environment;
    this.#rules = rules;
    this.#buses = buses;
  }

  /** Posts the wake-up for what is due next. */
  arm(): void {
    const due = this.#rules.nextDue();
    if (due === undefined) return;
    const { scheduler } = this.#environment;
    scheduler.wake('events#scheduled-rules', due, 'scheduled rules', 0, () => this.#run(), 'repeat');
  }

  #run(): void {
    const { scheduler, store } = this.#environment;
    store.transaction(() => {
      for (const { rule, due } of this.#rules.due(scheduler.now)) {
        this.#fire(rule, due);
        // A rule that slept with its cloud goes on with the next time, and makes up for none.
        this.#rules.setDue(rule, nextAfter(rule, due, scheduler.now));
      }
    });
    this.arm();
  }

  #fire(rule: Rule, due: number): void {
    const { trace, random } = this.#environment;
    const arn = ruleArn(rule, rule.name);
    const { account, region } = rule;
    const hop = trace.begin({
      cause: 0,
      service: 'eventbridge',
      operation: 'ScheduledEvent',
      principal: 'events.amazonaws.com',
      resource: arn,
    });
    trace.end(hop, 'ok');
    const event = eventOf({
      id: random.of(`event/${arn}`).uuid(),
      detailType: 'Scheduled Event',
      source: 'aws.events',
      account,
      time: due,
      region,
      resources: [arn],
      detail: {},
    });
    this.#buses.send(rule, this.#rules.targets(rule), event, hop.id);
  }
}

function nextAfter(rule: Rule, due: number, now: number): number | undefined {
  let next = nextDueOf(rule, due);
  while (next !== undefined && next <= now) next = nextDueOf(rule, next);
  return next;
}
