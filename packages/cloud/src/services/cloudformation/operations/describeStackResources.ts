import type { Stack, StackResource } from '../../../deploy/stacks.ts';
import { resourceDoesNotExist } from '../errors.ts';
import { type CloudFormationDependencies, type CloudFormationOperations, stackNamed } from '../operation.ts';

export const describeStackResources =
  (dependencies: CloudFormationDependencies): CloudFormationOperations['DescribeStackResources'] =>
  ({ StackName, LogicalResourceId, PhysicalResourceId }, context) => {
    const stack = StackName === undefined ? ownerOf(dependencies, PhysicalResourceId ?? '') : undefined;
    const found = stack ?? stackNamed(dependencies, StackName ?? PhysicalResourceId, context);
    const resources = dependencies.stacks
      .resources(found.id)
      .filter(({ logicalId }) => LogicalResourceId === undefined || logicalId === LogicalResourceId);
    return { StackResources: resources.map((resource) => describe(found, resource)) };
  };

export const describeStackResource =
  (dependencies: CloudFormationDependencies): CloudFormationOperations['DescribeStackResource'] =>
  ({ StackName, LogicalResourceId = '' }, context) => {
    const stack = stackNamed(dependencies, StackName, context);
    const resource = dependencies.stacks.resources(stack.id).find(({ logicalId }) => logicalId === LogicalResourceId);
    if (resource === undefined) throw resourceDoesNotExist(LogicalResourceId, stack.name);
    const { Timestamp: LastUpdatedTimestamp, ...rest } = describe(stack, resource);
    return { StackResourceDetail: { ...rest, LastUpdatedTimestamp } };
  };

export const listStackResources =
  (dependencies: CloudFormationDependencies): CloudFormationOperations['ListStackResources'] =>
  ({ StackName }, context) => {
    const stack = stackNamed(dependencies, StackName, context);
    return {
      StackResourceSummaries: dependencies.stacks.resources(stack.id).map((resource) => {
        const { Timestamp: LastUpdatedTimestamp, StackId: _id, StackName: _name, ...rest } = describe(stack, resource);
        return { ...rest, LastUpdatedTimestamp };
      }),
    };
  };

/** The stack that has a resource of that physical id. */
const ownerOf = ({ stacks }: CloudFormationDependencies, physicalId: string): Stack | undefined =>
  stacks.list().find(({ id }) => stacks.resources(id).some((resource) => resource.physicalId === physicalId));

const describe = (stack: Stack, { logicalId, physicalId, type, updatedAt }: StackResource) => ({
  StackId: stack.id,
  StackName: stack.name,
  LogicalResourceId: logicalId,
  PhysicalResourceId: physicalId,
  ResourceType: type,
  Timestamp: new Date(updatedAt),
  ResourceStatus: 'CREATE_COMPLETE' as const,
  DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' as const },
});
