import type { StateValue } from '@aws-sdk/client-cloudwatch';
import type { Scope } from '../../kernel/names.ts';
import type { Scheduler } from '../../kernel/scheduler.ts';
import type { Actions } from './actions.ts';
import { alarmArn, type CommonAlarm } from './alarm.ts';
import { alarmsIn, holds, readRule } from './alarmRule.ts';
import type { CompositeAlarm } from './compositeAlarm.ts';
import { longDate } from './evaluation.ts';
import { type NewState, stateChange } from './stateChange.ts';
import type { AlarmStore } from './stores/alarmStore.ts';
import type { CompositeAlarmStore } from './stores/compositeAlarmStore.ts';

/** Alarms on the states of others: each looks when one of those has changed, and at no other time. */
export class CompositeAlarms {
  readonly #scheduler: Scheduler;
  readonly #stored: CompositeAlarmStore;
  readonly #metricAlarms: AlarmStore;
  readonly #actions: Actions;

  constructor(scheduler: Scheduler, stored: CompositeAlarmStore, metricAlarms: AlarmStore, actions: Actions) {
    this.#scheduler = scheduler;
    this.#stored = stored;
    this.#metricAlarms = metricAlarms;
    this.#actions = actions;
  }

  /** Keeps an alarm, and gives it the state that its rule says. */
  put(alarm: CompositeAlarm, cause: number): void {
    this.#stored.put(alarm);
    const value = this.#valueOf(alarm);
    if (value === alarm.state.value) return;
    const reason = `${alarmArn(alarm, alarm.name)} was created and its alarm rule evaluates to ${value}`;
    this.enter(alarm, { value, reason, reasonData: undefined }, cause);
  }

  /** An alarm has another state: those that ask for it may have, too. */
  changed(child: CommonAlarm, cause: number): void {
    for (const { name } of this.usersOf(child, child.name)) {
      // As it is now: a change may come by more than one way.
      const alarm = this.#stored.find(child, name);
      if (alarm === undefined) continue;
      const value = this.#valueOf(alarm);
      if (value !== alarm.state.value) this.enter(alarm, { value, ...because(child) }, cause);
    }
  }

  /** Gives an alarm a state, and does what it does when it changes. */
  enter(alarm: CompositeAlarm, next: NewState, cause: number): void {
    const { state, entry } = stateChange(alarm, next, this.#scheduler.now);
    const entered: CompositeAlarm = { ...alarm, state };
    this.#stored.put(entered);
    if (entry === undefined) return;
    this.#stored.addHistory(alarm, entry);
    this.#actions.take(entered, alarm.state, cause);
    this.changed(entered, cause);
  }

  /** The composite alarms whose rules ask for an alarm. */
  usersOf(scope: Scope, name: string): CompositeAlarm[] {
    return this.#stored.list(scope).filter(({ rule }) => alarmsIn(readRule(rule)).includes(name));
  }

  #valueOf(alarm: CompositeAlarm): StateValue {
    const stateOf = (name: string): StateValue | undefined =>
      (this.#metricAlarms.find(alarm, name) ?? this.#stored.find(alarm, name))?.state.value;
    return holds(readRule(alarm.rule), stateOf) ? 'ALARM' : 'OK';
  }
}

/** Why a composite alarm changes, in AWS's words. */
function because(child: CommonAlarm): Pick<NewState, 'reason' | 'reasonData'> {
  const arn = alarmArn(child, child.name);
  const { value, transitionedAt } = child.state;
  return {
    reason: `${arn} transitioned to ${value} at ${weekdayDate(transitionedAt)}`,
    reasonData: JSON.stringify({ triggeringAlarms: [{ arn, state: { value, timestamp: longDate(transitionedAt) } }] }),
  };
}

const DATE = new Intl.DateTimeFormat('en-US', {
  weekday: 'long',
  day: '2-digit',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** `Thursday 01 January, 2026 00:01:00 UTC` */
function weekdayDate(ms: number): string {
  const parts = new Map(DATE.formatToParts(ms).map(({ type, value }) => [type, value]));
  const day = `${parts.get('weekday')} ${parts.get('day')} ${parts.get('month')}, ${parts.get('year')}`;
  return `${day} ${new Date(ms).toISOString().slice(11, 19)} UTC`;
}
