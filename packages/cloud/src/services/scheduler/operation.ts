import type * as sdk from '@aws-sdk/client-scheduler';
import type { OperationsOf, ServiceEnvironment } from '../../kernel/service.ts';
import type { Schedules } from './schedules.ts';
import type { GroupStore } from './stores/groupStore.ts';
import type { ScheduleStore } from './stores/scheduleStore.ts';

export type SchedulerOperations = OperationsOf<typeof sdk>;

/** All that an operation of EventBridge Scheduler may use. */
export interface SchedulerDependencies extends ServiceEnvironment {
  readonly stored: ScheduleStore;
  readonly groups: GroupStore;
  /** Runs schedules when they are due. */
  readonly schedules: Schedules;
}
