import type * as sdk from '@aws-sdk/client-cloudwatch';
import type { OperationsOf, ServiceEnvironment } from '../../kernel/service.ts';
import type { Alarms } from './alarms.ts';
import type { CompositeAlarms } from './compositeAlarms.ts';
import type { AlarmStore } from './stores/alarmStore.ts';
import type { CompositeAlarmStore } from './stores/compositeAlarmStore.ts';

export type CloudWatchOperations = OperationsOf<typeof sdk>;

/** All that an operation of CloudWatch may use. */
export interface CloudWatchDependencies extends ServiceEnvironment {
  readonly stored: AlarmStore;
  /** Looks at alarms when something was measured. */
  readonly alarms: Alarms;
  readonly compositeStored: CompositeAlarmStore;
  /** Look at each other alarm that changes. */
  readonly composites: CompositeAlarms;
}
