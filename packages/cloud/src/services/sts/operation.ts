import type * as sdk from '@aws-sdk/client-sts';
import type { OperationsOf, ServiceEnvironment } from '../../kernel/service.ts';
import type { Sessions } from './sessions.ts';

export type StsOperations = OperationsOf<typeof sdk>;

/** All that an STS operation may use. */
export interface StsDependencies extends ServiceEnvironment {
  readonly sessions: Sessions;
}
