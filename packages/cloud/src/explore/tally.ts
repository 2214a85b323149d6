import { hash } from 'node:crypto';
import { wall } from '../kernel/clock.ts';
import type { Hop } from '../kernel/trace.ts';
import type { RunRecord } from '../repeatable/record.ts';
import type { Outcome } from './scenario.ts';

/** Why a search ended. `exhausted`: every order was run. */
export type Ended = 'schedules' | 'budget' | 'exhausted' | 'failure';

/** What was explored. */
export interface Summary {
  /** Schedules run. */
  readonly schedules: number;
  /** Of these, how many took their steps in an order of their own. */
  readonly interleavings: number;
  /** Choices with more than one ready step in a run: on average, and the most. */
  readonly choices: { readonly mean: number; readonly most: number };
  /** How often each fault struck: by what it did, `DuplicateMessage` or `throttled`. */
  readonly faults: Readonly<Record<string, number>>;
  /** Of the machine's time. */
  readonly milliseconds: number;
  readonly ended: Ended;
}

/** Counts what runs are made of. */
export class Tally {
  readonly #start = wall.elapsed();
  readonly #orders = new Set<string>();
  readonly #faults = new Map<string, number>();
  #schedules = 0;
  #choices = 0;
  #most = 0;

  add({ record, hops }: Outcome): void {
    this.#schedules++;
    this.#orders.add(orderOf(record));
    this.#choices += record.choices.length;
    this.#most = Math.max(this.#most, record.choices.length);
    for (const fault of hops.flatMap(faultOf)) this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + 1);
  }

  summary(ended: Ended): Summary {
    return {
      schedules: this.#schedules,
      interleavings: this.#orders.size,
      choices: { mean: this.#schedules === 0 ? 0 : this.#choices / this.#schedules, most: this.#most },
      faults: Object.fromEntries(this.#faults),
      milliseconds: wall.elapsed() - this.#start,
      ended,
    };
  }
}

/** The steps taken where there was a choice: equal for runs that went the same way. */
const orderOf = ({ choices }: RunRecord): string =>
  hash('sha256', choices.map(({ taken, ready }) => ready[taken] ?? '').join('\n'), 'base64');

/** What services answer when they throttle. */
const THROTTLING: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'RequestThrottled',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** A hop that is there because a fault struck. */
export function faultOf({ operation, outcome }: Hop): readonly string[] {
  if (/^(Duplicate|Drop|Delay|Reorder)(Message|Event)$/.test(operation)) return [operation];
  if (operation === 'KillEnvironment') return ['killed'];
  return outcome === 'throttled' || THROTTLING.has(outcome ?? '') ? ['throttled'] : [];
}

/** A summary in one sentence. */
export function summaryText({ schedules, interleavings, choices, faults, milliseconds, ended }: Summary): string {
  const struck = Object.entries(faults).map(([name, count]) => `${name} ${count}`);
  const parts = [
    `${schedules} ${schedules === 1 ? 'schedule' : 'schedules'} in ${seconds(milliseconds)}`,
    `${interleavings} of them different`,
    `${choices.mean.toFixed(1)} choices a run, ${choices.most} at most`,
    ...(struck.length === 0 ? [] : [`faults: ${struck.join(', ')}`]),
    ...(ended === 'budget'
      ? ['the time was used up']
      : ended === 'exhausted'
        ? ['these are all orders there are']
        : []),
  ];
  return parts.join('; ');
}

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
