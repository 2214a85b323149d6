import type * as sdk from '@aws-sdk/client-ssm';
import type { OperationsOf, ServiceEnvironment } from '../../kernel/service.ts';
import type { ParameterStore } from './store.ts';

export type SsmOperations = OperationsOf<typeof sdk>;

/** All that an SSM operation may use. */
export interface SsmDependencies extends ServiceEnvironment {
  readonly parameters: ParameterStore;
}
