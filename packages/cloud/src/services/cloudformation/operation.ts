import type * as sdk from '@aws-sdk/client-cloudformation';
import type { Stack, StackStore } from '../../deploy/stacks.ts';
import type { Context, OperationsOf } from '../../kernel/service.ts';
import { stackDoesNotExist } from './errors.ts';

export type CloudFormationOperations = OperationsOf<typeof sdk>;

/** All that a CloudFormation operation may use. */
export interface CloudFormationDependencies {
  readonly stacks: StackStore;
}

/** The stack of a name or id in the caller's account and region. @throws ValidationError */
export function stackNamed({ stacks }: CloudFormationDependencies, name: string | undefined, context: Context): Stack {
  const stack = name?.startsWith('arn:') ? stacks.findById(name) : stacks.find(context, name ?? '');
  if (stack === undefined) throw stackDoesNotExist(name ?? '');
  return stack;
}
