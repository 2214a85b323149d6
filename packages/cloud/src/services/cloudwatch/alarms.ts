import { MINUTE } from '../../kernel/metrics.ts';
import type { Scope } from '../../kernel/names.ts';
import type { ServiceEnvironment } from '../../kernel/service.ts';
import type { Actions } from './actions.ts';
import { type Alarm, type AlarmState, alarmArn, type CommonAlarm, metricsOf, periodOf, watchedBy } from './alarm.ts';
import type { CompositeAlarms } from './compositeAlarms.ts';
import { evaluate, longDate, rangeOf } from './evaluation.ts';
import { Queries } from './queries.ts';
import { type Series, sample } from './series.ts';
import { type NewState, stateChange } from './stateChange.ts';
import type { AlarmStore, HistoryItem } from './stores/alarmStore.ts';

/** The period at which high-resolution alarms look, ms. */
const TEN_SECONDS = 10_000;

/**
 * Alarms on the clock. An alarm looks at the end of a minute in which something was measured of what it watches, and goes on to look until
 * what was measured lies behind its last period: then nothing can change any more.
 */
export class Alarms {
  readonly #environment: ServiceEnvironment;
  readonly #stored: AlarmStore;
  readonly #actions: Actions;
  readonly #composites: CompositeAlarms;
  readonly #watches = new Map<string, readonly Disposable[]>();

  constructor(environment: ServiceEnvironment, stored: AlarmStore, actions: Actions, composites: CompositeAlarms) {
    this.#environment = environment;
    this.#stored = stored;
    this.#actions = actions;
    this.#composites = composites;
  }

  /** Keeps an alarm, and sees to it that it looks. */
  put(alarm: Alarm, cause: number): void {
    this.#stored.put(alarm);
    this.#watch(alarm, cause);
  }

  delete(alarm: Alarm): void {
    this.#stored.delete(alarm, alarm.name);
    this.#unwatch(alarm);
  }

  /** Looks at all alarms again: something may have been measured, or have run out, before a restart. */
  resume(): void {
    for (const alarm of this.#stored.all()) this.#watch(alarm, 0);
  }

  /** Gives an alarm a state, and does what it does when it changes. */
  enter(alarm: Alarm, next: NewState, cause: number): void {
    const { state, entry } = stateChange(alarm, next, this.#environment.scheduler.now);
    const entered: Alarm = { ...alarm, state };
    this.#stored.put(entered);
    if (entry === undefined) return;
    this.#stored.addHistory(alarm, entry);
    this.#actions.take(entered, alarm.state, cause);
    this.#composites.changed(entered, cause);
  }

  #watch(alarm: Alarm, cause: number): void {
    this.#unwatch(alarm);
    const { metrics } = this.#environment;
    const key = alarmArn(alarm, alarm.name);
    const look = (): void => this.#lookLater(alarm, 0);
    this.#watches.set(
      key,
      watchedBy(alarm).map((id) => metrics.watch(id, look)),
    );
    this.#lookLater(alarm, cause);
  }

  #unwatch(alarm: Alarm): void {
    const key = alarmArn(alarm, alarm.name);
    for (const watch of this.#watches.get(key) ?? []) watch[Symbol.dispose]();
    this.#watches.delete(key);
  }

  /** At the end of this minute. */
  #lookLater(alarm: Alarm, cause: number): void {
    const { scheduler } = this.#environment;
    const step = periodOf(alarm) < 60 ? TEN_SECONDS : MINUTE;
    const due = Math.floor(scheduler.now / step) * step + step;
    const key = alarmArn(alarm, alarm.name);
    scheduler.wake(`${key}#look`, due, `alarm ${alarm.name}`, cause, () => this.#look(alarm, cause, due), 'repeat');
  }

  #look(scope: Scope & { readonly name: string }, cause: number, due: number): void {
    const alarm = this.#stored.find(scope, scope.name);
    if (alarm === undefined) return;
    const step = periodOf(alarm) < 60 ? TEN_SECONDS : MINUTE;
    // A wake-up that came late looks at the minute that is over now.
    const now = Math.max(due, Math.floor(this.#environment.scheduler.now / step) * step);
    const gauges = this.#keepGauges(alarm, now);
    const series = this.#seriesOf(alarm, now);
    const verdict = evaluate(alarm, series, now);
    const isNew =
      verdict !== undefined && (verdict.state !== alarm.state.value || alarm.state.reasonData === undefined);
    if (verdict !== undefined && isNew) this.enter(alarm, { ...verdict, value: verdict.state }, cause);
    const values = new Set(series.values());
    const isSteady =
      gauges === 'none' ? series.size === 0 : gauges === 'still' && values.size === 1 && series.size === rangeOf(alarm);
    if (!isSteady) this.#lookLater(alarm, cause);
  }

  /** Puts down what gauges show at the end of a minute, and tells whether they will go on to change by themselves. */
  #keepGauges(alarm: Alarm, now: number): 'none' | 'still' | 'changing' {
    const { metrics } = this.#environment;
    const readings = watchedBy(alarm).flatMap((id) => {
      const reading = metrics.read(id);
      if (reading === undefined) return [];
      if (metrics.before(id, now)?.at !== now - MINUTE) metrics.keep(id, sample(now - MINUTE, reading.value));
      return [reading];
    });
    if (readings.length === 0) return 'none';
    return readings.some(({ changes }) => changes) ? 'changing' : 'still';
  }

  #seriesOf(alarm: Alarm, now: number): Series {
    const period = periodOf(alarm) * 1000;
    const range = { from: now - rangeOf(alarm) * period, to: now, period };
    const queries = metricsOf(alarm);
    const id = queries.find(({ ReturnData }) => ReturnData !== false)?.Id ?? 'm1';
    return new Queries(queries).series(id, this.#environment.metrics, alarm, range, now);
  }
}

/** The state of an alarm that has not looked yet. */
export const unchecked = (now: number): AlarmState => ({
  value: 'INSUFFICIENT_DATA',
  reason: 'Unchecked: Initial alarm creation',
  updatedAt: now,
  transitionedAt: now,
});

/** An entry of the history about an alarm's configuration. */
export const configured = (alarm: CommonAlarm, what: 'created' | 'updated' | 'deleted'): HistoryItem => ({
  name: alarm.name,
  at: alarm.configuredAt,
  type: 'ConfigurationUpdate',
  summary: `Alarm "${alarm.name}" ${what}`,
  data: JSON.stringify({
    version: '1.0',
    type: what === 'created' ? 'Create' : what === 'updated' ? 'Update' : 'Delete',
    at: longDate(alarm.configuredAt),
  }),
});
