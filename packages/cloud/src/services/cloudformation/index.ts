import * as sdk from '@aws-sdk/client-cloudformation';
import { StackStore } from '../../deploy/stacks.ts';
import { arn } from '../../kernel/names.ts';
import { type Context, defineService, type Service } from '../../kernel/service.ts';
import type { CloudFormationDependencies } from './operation.ts';
import { describeStackEvents } from './operations/describeStackEvents.ts';
import {
  describeStackResource,
  describeStackResources,
  listStackResources,
} from './operations/describeStackResources.ts';
import { describeStacks } from './operations/describeStacks.ts';
import { getTemplate } from './operations/getTemplate.ts';
import { listExports, listImports } from './operations/listExports.ts';
import { listStacks } from './operations/listStacks.ts';
import { waitConditionHandle } from './resources.ts';

/** AWS CloudFormation: what is deployed. Deploying itself is the engine's, in `deploy/`. */
export const cloudformation: Service = defineService({
  name: 'cloudformation',
  sdk,
  actions: 'cloudformation',
  start: (environment) => {
    const dependencies: CloudFormationDependencies = { stacks: new StackStore(environment.store) };
    const stackArn = ({ StackName: name }: { StackName?: string | undefined }, context: Context): string => {
      if (name === undefined) return '*';
      return name.startsWith('arn:') ? name : arn('cloudformation', context, `stack/${name}/*`);
    };
    return {
      operations: {
        DescribeStackEvents: describeStackEvents(dependencies),
        DescribeStackResource: describeStackResource(dependencies),
        DescribeStackResources: describeStackResources(dependencies),
        DescribeStacks: describeStacks(dependencies),
        GetTemplate: getTemplate(dependencies),
        ListExports: listExports(dependencies),
        ListImports: listImports(dependencies),
        ListStackResources: listStackResources(dependencies),
        ListStacks: listStacks(dependencies),
      },
      authorize: {
        DescribeStackEvents: stackArn,
        DescribeStackResource: stackArn,
        DescribeStackResources: stackArn,
        DescribeStacks: stackArn,
        GetTemplate: stackArn,
        ListExports: () => '*',
        ListImports: () => '*',
        ListStackResources: stackArn,
        ListStacks: () => '*',
      },
      resources: { 'AWS::CloudFormation::WaitConditionHandle': waitConditionHandle },
    };
  },
});
