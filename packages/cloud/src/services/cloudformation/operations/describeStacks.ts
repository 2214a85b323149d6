import type { Stack as StackDescription } from '@aws-sdk/client-cloudformation';
import type { Stack } from '../../../deploy/stacks.ts';
import { type CloudFormationDependencies, type CloudFormationOperations, stackNamed } from '../operation.ts';

export const describeStacks =
  (dependencies: CloudFormationDependencies): CloudFormationOperations['DescribeStacks'] =>
  ({ StackName }, context) => {
    if (StackName !== undefined) return { Stacks: [describe(stackNamed(dependencies, StackName, context))] };
    const { account, region } = context;
    const mine = dependencies.stacks
      .list()
      .filter((stack) => stack.account === account && stack.region === region && stack.status !== 'DELETE_COMPLETE');
    return { Stacks: mine.reverse().map(describe) };
  };

const describe = ({
  id,
  name,
  status,
  description,
  parameters,
  outputs,
  tags,
  createdAt,
  updatedAt,
}: Stack): StackDescription => ({
  StackId: id,
  StackName: name,
  StackStatus: status,
  Description: description,
  CreationTime: new Date(createdAt),
  ...(updatedAt === undefined ? {} : { LastUpdatedTime: new Date(updatedAt) }),
  Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
  Outputs: outputs.map(({ key, value, description: text, exportName }) => ({
    OutputKey: key,
    OutputValue: value,
    Description: text,
    ExportName: exportName,
  })),
  Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  DisableRollback: false,
  EnableTerminationProtection: false,
  NotificationARNs: [],
  RollbackConfiguration: {},
  DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
});
