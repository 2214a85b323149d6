import type { ResourceStatus } from '@aws-sdk/client-cloudformation';
import { type CloudFormationDependencies, type CloudFormationOperations, stackNamed } from '../operation.ts';

export const describeStackEvents =
  (dependencies: CloudFormationDependencies): CloudFormationOperations['DescribeStackEvents'] =>
  ({ StackName }, context) => {
    const stack = stackNamed(dependencies, StackName, context);
    return {
      StackEvents: dependencies.stacks
        .events(stack.id)
        .map(({ id, at, logicalId, type, physicalId, status, reason }) => ({
          StackId: stack.id,
          EventId: id,
          StackName: stack.name,
          LogicalResourceId: logicalId,
          PhysicalResourceId: physicalId,
          ResourceType: type,
          Timestamp: new Date(at),
          ResourceStatus: status as ResourceStatus, // the engine writes CloudFormation's own words
          ResourceStatusReason: reason,
        })),
    };
  };
