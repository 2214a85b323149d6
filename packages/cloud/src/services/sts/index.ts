import * as sdk from '@aws-sdk/client-sts';
import { defineService, type Service } from '../../kernel/service.ts';
import type { StsDependencies } from './operation.ts';
import { assumeRole } from './operations/assumeRole.ts';
import { getAccessKeyInfo } from './operations/getAccessKeyInfo.ts';
import { getCallerIdentity } from './operations/getCallerIdentity.ts';
import { getSessionToken } from './operations/getSessionToken.ts';
import { SessionStore } from './sessionStore.ts';
import { Sessions } from './sessions.ts';

/** AWS Security Token Service: who calls, and temporary credentials. */
export const sts: Service = defineService({
  name: 'sts',
  sdk,
  actions: 'sts',
  start: (environment) => {
    const sessions = new Sessions({ ...environment, rows: new SessionStore(environment.store) });
    const dependencies: StsDependencies = { ...environment, sessions };
    return {
      operations: {
        AssumeRole: assumeRole(dependencies),
        GetAccessKeyInfo: getAccessKeyInfo(dependencies),
        GetCallerIdentity: getCallerIdentity(dependencies),
        GetSessionToken: getSessionToken(dependencies),
      },
      authorize: {
        AssumeRole: ({ RoleArn = '', Tags = [] }) => [
          { action: 'sts:AssumeRole', resource: RoleArn },
          ...(Tags.length === 0 ? [] : [{ action: 'sts:TagSession', resource: RoleArn }]),
        ],
        GetAccessKeyInfo: () => '*',
        GetCallerIdentity: () => '*',
        GetSessionToken: () => '*',
      },
      resume: () => sessions.resume(),
    };
  },
});
