import * as sdk from '@aws-sdk/client-ssm';
import type { Scope } from '../../kernel/names.ts';
import { type Access, defineService, type Service } from '../../kernel/service.ts';
import { LabelStore } from './labelStore.ts';
import type { SsmDependencies } from './operation.ts';
import { deleteParameter, deleteParameters } from './operations/deleteParameter.ts';
import { describeParameters } from './operations/describeParameters.ts';
import { getParameter, getParameters } from './operations/getParameter.ts';
import { getParameterHistory } from './operations/getParameterHistory.ts';
import { getParametersByPath } from './operations/getParametersByPath.ts';
import { labelParameterVersion, unlabelParameterVersion } from './operations/labelParameterVersion.ts';
import { putParameter } from './operations/putParameter.ts';
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from './operations/tags.ts';
import { parameterArn, referenceOf } from './parameter.ts';
import { resources } from './resources.ts';
import { ParameterStore } from './store.ts';
import { TagStore } from './tagStore.ts';

/** AWS Systems Manager: Parameter Store. */
export const ssm: Service = defineService({
  name: 'ssm',
  sdk,
  actions: 'ssm',
  start: (environment) => {
    const dependencies: SsmDependencies = {
      ...environment,
      parameters: new ParameterStore(environment.store),
      labels: new LabelStore(environment.store),
      tags: new TagStore(environment.store),
    };
    return {
      operations: {
        AddTagsToResource: addTagsToResource(dependencies),
        DeleteParameter: deleteParameter(dependencies),
        DeleteParameters: deleteParameters(dependencies),
        DescribeParameters: describeParameters(dependencies),
        GetParameter: getParameter(dependencies),
        GetParameterHistory: getParameterHistory(dependencies),
        GetParameters: getParameters(dependencies),
        GetParametersByPath: getParametersByPath(dependencies),
        LabelParameterVersion: labelParameterVersion(dependencies),
        ListTagsForResource: listTagsForResource(dependencies),
        PutParameter: putParameter(dependencies),
        RemoveTagsFromResource: removeTagsFromResource(dependencies),
        UnlabelParameterVersion: unlabelParameterVersion(dependencies),
      },
      authorize: {
        AddTagsToResource: onResource,
        DeleteParameter: onName,
        DeleteParameters: onNames('ssm:DeleteParameters'),
        DescribeParameters: () => '*',
        GetParameter: onName,
        GetParameterHistory: onName,
        GetParameters: onNames('ssm:GetParameters'),
        GetParametersByPath: ({ Path = '' }, context) => parameterArn(Path.replace(/(.)\/$/, '$1'), context),
        LabelParameterVersion: onName,
        ListTagsForResource: onResource,
        PutParameter: onName,
        RemoveTagsFromResource: onResource,
        UnlabelParameterVersion: onName,
      },
      resources,
    };
  },
});

const onName = ({ Name = '' }: { readonly Name?: string | undefined }, scope: Scope): string =>
  parameterArn(referenceOf(Name).name, scope);

const onNames =
  (action: string) =>
  ({ Names = [] }: { readonly Names?: readonly string[] | undefined }, scope: Scope): Access[] =>
    Names.map((name) => ({ action, resource: parameterArn(referenceOf(name).name, scope) }));

const onResource = ({ ResourceId = '' }: { readonly ResourceId?: string | undefined }, scope: Scope): string =>
  parameterArn(referenceOf(ResourceId).name, scope);
