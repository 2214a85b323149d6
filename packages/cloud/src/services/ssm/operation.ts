import type * as sdk from '@aws-sdk/client-ssm';
import type { OperationsOf, ServiceEnvironment } from '../../kernel/service.ts';
import type { LabelStore } from './labelStore.ts';
import type { ParameterStore } from './store.ts';
import type { TagStore } from './tagStore.ts';

export type SsmOperations = OperationsOf<typeof sdk>;

/** All that an SSM operation may use. */
export interface SsmDependencies extends ServiceEnvironment {
  readonly parameters: ParameterStore;
  readonly labels: LabelStore;
  readonly tags: TagStore;
}
