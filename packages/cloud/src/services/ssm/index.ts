import * as sdk from '@aws-sdk/client-ssm';
import { defineService, type Service } from '../../kernel/service.ts';
import type { SsmDependencies } from './operation.ts';
import { getParameter } from './operations/getParameter.ts';
import { putParameter } from './operations/putParameter.ts';
import { parameterArn } from './parameter.ts';
import { ParameterStore } from './store.ts';

/** AWS Systems Manager: Parameter Store. */
export const ssm: Service = defineService({
  name: 'ssm',
  sdk,
  actions: 'ssm',
  start: (environment) => {
    const dependencies: SsmDependencies = { ...environment, parameters: new ParameterStore(environment.store) };
    return {
      operations: {
        GetParameter: getParameter(dependencies),
        PutParameter: putParameter(dependencies),
      },
      authorize: {
        GetParameter: ({ Name = '' }, context) => parameterArn(Name, context),
        PutParameter: ({ Name = '' }, context) => parameterArn(Name, context),
      },
    };
  },
});
