import type { CloudFormationDependencies, CloudFormationOperations } from '../operation.ts';

export const listStacks =
  ({ stacks }: CloudFormationDependencies): CloudFormationOperations['ListStacks'] =>
  ({ StackStatusFilter: statuses = [] }, { account, region }) => {
    const mine = stacks.list().filter((stack) => stack.account === account && stack.region === region);
    const wanted = statuses.length === 0 ? mine : mine.filter(({ status }) => statuses.includes(status));
    return {
      StackSummaries: wanted.reverse().map(({ id, name, status, description, createdAt, updatedAt }) => ({
        StackId: id,
        StackName: name,
        StackStatus: status,
        TemplateDescription: description,
        CreationTime: new Date(createdAt),
        ...(updatedAt === undefined ? {} : { LastUpdatedTime: new Date(updatedAt) }),
        ...(status === 'DELETE_COMPLETE' && updatedAt !== undefined ? { DeletionTime: new Date(updatedAt) } : {}),
        DriftInformation: { StackDriftStatus: 'NOT_CHECKED' as const },
      })),
    };
  };
