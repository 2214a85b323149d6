import type { Aws } from '../kernel/service.ts';
import type { StackResource, StackSummary } from './api.ts';

/** All stacks that stand. */
export async function stacksOf(aws: Aws): Promise<StackSummary[]> {
  const { Stacks = [] } = await aws.cloudformation.DescribeStacks({});
  return Stacks.map((stack) => ({
    name: stack.StackName ?? '',
    id: stack.StackId ?? '',
    status: stack.StackStatus ?? '',
    reason: stack.StackStatusReason ?? null,
    description: stack.Description ?? null,
    createdAt: stack.CreationTime?.getTime() ?? null,
    updatedAt: stack.LastUpdatedTime?.getTime() ?? null,
    parameters: (stack.Parameters ?? []).map(({ ParameterKey = '', ParameterValue = '' }) => ({
      name: ParameterKey,
      value: ParameterValue,
    })),
    outputs: (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '', Description, ExportName }) => ({
      name: OutputKey,
      value: OutputValue,
      description: Description ?? null,
      exportName: ExportName ?? null,
    })),
  }));
}

/** The resources of a stack. @throws the operation's ValidationError when there is no such stack */
export async function resourcesOf(aws: Aws, stackName: string): Promise<StackResource[]> {
  const resources: StackResource[] = [];
  let token: string | undefined;
  do {
    const input = { StackName: stackName, ...(token !== undefined && { NextToken: token }) };
    const { StackResourceSummaries = [], NextToken } = await aws.cloudformation.ListStackResources(input);
    for (const {
      LogicalResourceId = '',
      PhysicalResourceId = '',
      ResourceType = '',
      ...rest
    } of StackResourceSummaries) {
      resources.push({
        logicalId: LogicalResourceId,
        physicalId: PhysicalResourceId,
        type: ResourceType,
        status: rest.ResourceStatus ?? '',
        reason: rest.ResourceStatusReason ?? null,
        logGroup: ResourceType === 'AWS::Lambda::Function' ? await logGroupOf(aws, PhysicalResourceId) : null,
      });
    }
    token = NextToken;
  } while (token !== undefined);
  return resources;
}

/** The log group of a function; null while it is being made or deleted. */
async function logGroupOf(aws: Aws, functionName: string): Promise<string | null> {
  if (functionName === '') return null;
  const found = await aws.lambda.GetFunctionConfiguration({ FunctionName: functionName }).catch(() => undefined);
  return found === undefined ? null : (found.LoggingConfig?.LogGroup ?? `/aws/lambda/${functionName}`);
}
