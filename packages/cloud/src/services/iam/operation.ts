import type * as sdk from '@aws-sdk/client-iam';
import type { OperationsOf, ServiceEnvironment } from '../../kernel/service.ts';
import type { AccessKeyStore } from './accessKeyStore.ts';
import type { EntityStore } from './entityStore.ts';
import type { Keys } from './keys.ts';
import type { PolicyStore } from './policyStore.ts';
import type { TagStore } from './tagStore.ts';

export type IamOperations = OperationsOf<typeof sdk>;

/** All that an IAM operation may use. */
export interface IamDependencies extends ServiceEnvironment {
  readonly entities: EntityStore;
  readonly policies: PolicyStore;
  readonly tags: TagStore;
  readonly accessKeys: AccessKeyStore;
  readonly keys: Keys;
}
