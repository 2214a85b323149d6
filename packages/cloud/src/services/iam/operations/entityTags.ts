import type { Tag } from '@aws-sdk/client-iam';
import { policyArn } from '../constraints.ts';
import type { IamDependencies, IamOperations } from '../operation.ts';
import { type PageInput, pageOf } from '../page.ts';
import { checkTags } from '../tags.ts';

function tag({ tags }: IamDependencies, owner: string, given: readonly Tag[] = []) {
  checkTags(given);
  const kept = tags
    .of(owner)
    .filter(({ Key = '' }) => !given.some((tag) => tag.Key?.toLowerCase() === Key.toLowerCase()));
  checkTags([...kept, ...given]);
  tags.put(owner, given);
  return {};
}

function untag({ tags }: IamDependencies, owner: string, keys: readonly string[] = []) {
  tags.remove(owner, keys);
  return {};
}

function list({ tags }: IamDependencies, owner: string, input: PageInput) {
  const { items, page } = pageOf(tags.of(owner), input, ({ Key = '' }) => Key);
  return { Tags: [...items], ...page };
}

export const tagRole =
  (dependencies: IamDependencies): IamOperations['TagRole'] =>
  ({ RoleName = '', Tags }, context) =>
    tag(dependencies, dependencies.entities.get(context, 'role', RoleName).id, Tags);

export const untagRole =
  (dependencies: IamDependencies): IamOperations['UntagRole'] =>
  ({ RoleName = '', TagKeys }, context) =>
    untag(dependencies, dependencies.entities.get(context, 'role', RoleName).id, TagKeys);

export const listRoleTags =
  (dependencies: IamDependencies): IamOperations['ListRoleTags'] =>
  (input, context) =>
    list(dependencies, dependencies.entities.get(context, 'role', input.RoleName ?? '').id, input);

export const tagUser =
  (dependencies: IamDependencies): IamOperations['TagUser'] =>
  ({ UserName = '', Tags }, context) =>
    tag(dependencies, dependencies.entities.get(context, 'user', UserName).id, Tags);

export const untagUser =
  (dependencies: IamDependencies): IamOperations['UntagUser'] =>
  ({ UserName = '', TagKeys }, context) =>
    untag(dependencies, dependencies.entities.get(context, 'user', UserName).id, TagKeys);

export const listUserTags =
  (dependencies: IamDependencies): IamOperations['ListUserTags'] =>
  (input, context) =>
    list(dependencies, dependencies.entities.get(context, 'user', input.UserName ?? '').id, input);

export const tagInstanceProfile =
  (dependencies: IamDependencies): IamOperations['TagInstanceProfile'] =>
  ({ InstanceProfileName = '', Tags }, context) =>
    tag(dependencies, dependencies.entities.get(context, 'instance-profile', InstanceProfileName).id, Tags);

export const untagInstanceProfile =
  (dependencies: IamDependencies): IamOperations['UntagInstanceProfile'] =>
  ({ InstanceProfileName = '', TagKeys }, context) =>
    untag(dependencies, dependencies.entities.get(context, 'instance-profile', InstanceProfileName).id, TagKeys);

export const listInstanceProfileTags =
  (dependencies: IamDependencies): IamOperations['ListInstanceProfileTags'] =>
  (input, context) =>
    list(
      dependencies,
      dependencies.entities.get(context, 'instance-profile', input.InstanceProfileName ?? '').id,
      input,
    );

export const tagPolicy =
  (dependencies: IamDependencies): IamOperations['TagPolicy'] =>
  ({ PolicyArn, Tags }) =>
    tag(dependencies, dependencies.policies.get(policyArn(PolicyArn)).arn, Tags);

export const untagPolicy =
  (dependencies: IamDependencies): IamOperations['UntagPolicy'] =>
  ({ PolicyArn, TagKeys }) =>
    untag(dependencies, dependencies.policies.get(policyArn(PolicyArn)).arn, TagKeys);

export const listPolicyTags =
  (dependencies: IamDependencies): IamOperations['ListPolicyTags'] =>
  (input) =>
    list(dependencies, dependencies.policies.get(policyArn(input.PolicyArn)).arn, input);
