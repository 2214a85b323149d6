import type * as sdk from '@aws-sdk/client-cloudwatch-logs';
import type { OperationsOf, ServiceEnvironment } from '../../kernel/service.ts';
import type { EventStore } from './eventStore.ts';
import type { LogFollowers } from './follow.ts';
import type { GroupStore } from './groupStore.ts';
import type { MetricFilters } from './metricFilters.ts';
import type { ResourcePolicyStore } from './resourcePolicyStore.ts';
import type { Retention } from './retention.ts';
import type { StreamStore } from './streamStore.ts';

export type LogsOperations = OperationsOf<typeof sdk>;

/** All that an operation of CloudWatch Logs may use. */
export interface LogsDependencies extends ServiceEnvironment {
  readonly groups: GroupStore;
  readonly streams: StreamStore;
  readonly events: EventStore;
  readonly resourcePolicies: ResourcePolicyStore;
  readonly retention: Retention;
  readonly followers: LogFollowers;
  readonly metricFilters: MetricFilters;
}
