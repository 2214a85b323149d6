import type { Target } from '@aws-sdk/client-scheduler';
import type { DeliveryQueue } from '../../kernel/deliveryQueue.ts';
import type { ServiceEnvironment } from '../../kernel/service.ts';
import { isOnce, type Schedule, scheduleArn, timeFrom } from './schedule.ts';
import type { Due, DueSchedule, Kind, ScheduleStore } from './stores/scheduleStore.ts';

/** One run of a schedule, as its delivery keeps it. */
export interface Job {
  readonly target: Target;
  readonly scheduleArn: string;
  readonly executionId: string;
  /** The time for which it was due, ms. */
  readonly time: number;
}

/** Runs schedules when they are due: a wake-up for those that repeat, and one for those that end by themselves. */
export class Schedules {
  readonly #environment: ServiceEnvironment;
  readonly #stored: ScheduleStore;
  readonly #deliveries: DeliveryQueue;

  constructor(environment: ServiceEnvironment, stored: ScheduleStore, deliveries: DeliveryQueue) {
    this.#environment = environment;
    this.#stored = stored;
    this.#deliveries = deliveries;
  }

  /** Keeps a schedule that is new or was changed, and sees to it that it runs. */
  put(schedule: Schedule): void {
    const kind = kindOf(schedule);
    this.#stored.put(schedule, kind, this.#nextFrom(schedule, this.#environment.scheduler.now));
    this.#arm(kind);
  }

  /** Posts the wake-ups. */
  resume(): void {
    this.#arm('once');
    this.#arm('repeat');
  }

  #arm(kind: Kind): void {
    const due = this.#stored.nextDue(kind);
    if (due === undefined) return;
    const wakeKind = kind === 'once' ? 'progress' : 'repeat';
    this.#environment.scheduler.wake(`scheduler#${kind}`, due, 'schedules', 0, () => this.#run(kind), wakeKind);
  }

  #run(kind: Kind): void {
    const { scheduler, store } = this.#environment;
    store.transaction(() => {
      for (const due of this.#stored.due(kind, scheduler.now)) {
        this.#fire(due);
        this.#goOn(due);
      }
    });
    this.#arm(kind);
  }

  /** Says when it is due next; one that is complete is deleted if it asks for that. */
  #goOn({ schedule, time }: DueSchedule): void {
    // What a cloud slept through is not made up for.
    const from = Math.max(time + 1, this.#environment.scheduler.now + 1 - windowOf(schedule));
    const next = isOnce(schedule) ? undefined : this.#nextFrom(schedule, from);
    if (next === undefined && schedule.input.ActionAfterCompletion === 'DELETE') this.#stored.delete(schedule);
    else this.#stored.setDue(schedule, next);
  }

  #nextFrom(schedule: Schedule, from: number): Due | undefined {
    if (schedule.input.State === 'DISABLED') return undefined;
    const time = timeFrom(schedule, from);
    if (time === undefined) return undefined;
    const window = windowOf(schedule);
    const draw = window === 0 ? 0 : this.#environment.random.of(`window/${scheduleArn(schedule)}`).fraction();
    return { time, due: time + Math.floor(draw * window) };
  }

  #fire({ schedule, time }: DueSchedule): void {
    const { trace, random } = this.#environment;
    const { account, region, input } = schedule;
    const owner = scheduleArn(schedule);
    const target = input.Target;
    if (target === undefined) return;
    const hop = trace.begin({
      cause: 0,
      service: 'scheduler',
      operation: 'RunSchedule',
      principal: 'scheduler.amazonaws.com',
      resource: owner,
      target: target.Arn,
    });
    trace.end(hop, 'ok');
    const job: Job = { target, scheduleArn: owner, executionId: random.of(`execution/${owner}`).uuid(), time };
    this.#deliveries.accept({ owner, account, region, job: JSON.stringify(job), cause: hop.id });
  }
}

const kindOf = (schedule: Schedule): Kind => (isOnce(schedule) ? 'once' : 'repeat');

const windowOf = ({ input }: Schedule): number =>
  input.FlexibleTimeWindow?.Mode === 'FLEXIBLE' ? (input.FlexibleTimeWindow.MaximumWindowInMinutes ?? 0) * 60_000 : 0;
