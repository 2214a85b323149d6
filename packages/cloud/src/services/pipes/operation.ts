import type * as sdk from '@aws-sdk/client-pipes';
import type { OperationsOf, ServiceEnvironment } from '../../kernel/service.ts';
import type { PipeStore } from './pipeStore.ts';
import type { Pipes } from './pipes.ts';

export type PipesOperations = OperationsOf<typeof sdk>;

/** All that an operation of EventBridge Pipes may use. */
export interface PipesDependencies extends ServiceEnvironment {
  readonly stored: PipeStore;
  /** Runs pipes. */
  readonly pipes: Pipes;
}
