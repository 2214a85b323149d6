import * as sdk from '@aws-sdk/client-iam';
import { defineService, type Service } from '../../kernel/service.ts';
import { AccessKeyStore } from './accessKeyStore.ts';
import { authorization } from './authorization.ts';
import { EntityStore } from './entityStore.ts';
import { Keys } from './keys.ts';
import type { IamDependencies } from './operation.ts';
import { operations } from './operations.ts';
import { PolicyStore } from './policyStore.ts';
import { resources } from './resources.ts';
import { TABLES } from './tables.ts';
import { TagStore } from './tagStore.ts';

/** AWS Identity and Access Management: who there is, and which policies they have. */
export const iam: Service = defineService({
  name: 'iam',
  sdk,
  actions: 'iam',
  start: (environment) => {
    const { store, credentials, settings } = environment;
    store.define(TABLES);
    const dependencies: IamDependencies = {
      ...environment,
      entities: new EntityStore(store),
      policies: new PolicyStore(store),
      tags: new TagStore(store),
      accessKeys: new AccessKeyStore(store),
      keys: new Keys(credentials),
    };
    const { accessKeys, entities, keys } = dependencies;
    return {
      operations: operations(dependencies),
      authorize: authorization(entities),
      resources,
      resume: () => keys.resume(accessKeys, entities, settings),
    };
  },
});
