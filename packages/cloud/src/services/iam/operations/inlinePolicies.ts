import type { Context } from '../../../kernel/service.ts';
import { check, NAME_LENGTHS, name as nameOf } from '../constraints.ts';
import { type Entity, isServiceLinked } from '../entity.ts';
import { noSuchEntity, unmodifiable } from '../errors.ts';
import type { IamDependencies, IamOperations } from '../operation.ts';
import { type PageInput, pageOf } from '../page.ts';
import { checkInlinePolicy, encodedDocument } from '../policyDocument.ts';

/** Who has policies of its own. */
type Holder = 'role' | 'user' | 'group';

interface PolicyInput {
  readonly PolicyName?: string | undefined;
  readonly PolicyDocument?: string | undefined;
}

function put(
  { entities, policies }: IamDependencies,
  kind: Holder,
  name: string,
  input: PolicyInput,
  context: Context,
) {
  check(
    nameOf('policyName', input.PolicyName, NAME_LENGTHS.policy),
    input.PolicyDocument === undefined && { at: 'policyDocument', must: 'not be null' },
  );
  const { PolicyName = '' } = input;
  const holder = entities.get(context, kind, name);
  if (isServiceLinked(holder)) throw unmodifiable(holder.name);
  const others = policies.inlinePolicies(holder);
  others.delete(PolicyName);
  policies.putInline(holder, PolicyName, checkInlinePolicy(input.PolicyDocument, kind, name, others.values()));
  return {};
}

function get({ entities, policies }: IamDependencies, kind: Holder, name: string, policy: string, context: Context) {
  const document = policies.inline(entities.get(context, kind, name), policy);
  if (document === undefined) throw noInlinePolicy(kind, policy);
  return { PolicyName: policy, PolicyDocument: encodedDocument(document) };
}

function list({ entities, policies }: IamDependencies, kind: Holder, name: string, input: PageInput, context: Context) {
  const holder: Entity = entities.get(context, kind, name);
  const { items, page } = pageOf(policies.inlinePolicies(holder).keys(), input, (policy) => policy);
  return { PolicyNames: [...items], ...page };
}

function remove({ entities, policies }: IamDependencies, kind: Holder, name: string, policy: string, context: Context) {
  if (!policies.removeInline(entities.get(context, kind, name), policy)) throw noInlinePolicy(kind, policy);
  return {};
}

const noInlinePolicy = (kind: Holder, policy: string) =>
  noSuchEntity(`The ${kind} policy with name ${policy} cannot be found.`);

export const putRolePolicy =
  (dependencies: IamDependencies): IamOperations['PutRolePolicy'] =>
  (input, context) =>
    put(dependencies, 'role', input.RoleName ?? '', input, context);

export const getRolePolicy =
  (dependencies: IamDependencies): IamOperations['GetRolePolicy'] =>
  ({ RoleName = '', PolicyName = '' }, context) => ({
    RoleName,
    ...get(dependencies, 'role', RoleName, PolicyName, context),
  });

export const listRolePolicies =
  (dependencies: IamDependencies): IamOperations['ListRolePolicies'] =>
  (input, context) =>
    list(dependencies, 'role', input.RoleName ?? '', input, context);

export const deleteRolePolicy =
  (dependencies: IamDependencies): IamOperations['DeleteRolePolicy'] =>
  ({ RoleName = '', PolicyName = '' }, context) =>
    remove(dependencies, 'role', RoleName, PolicyName, context);

export const putUserPolicy =
  (dependencies: IamDependencies): IamOperations['PutUserPolicy'] =>
  (input, context) =>
    put(dependencies, 'user', input.UserName ?? '', input, context);

export const getUserPolicy =
  (dependencies: IamDependencies): IamOperations['GetUserPolicy'] =>
  ({ UserName = '', PolicyName = '' }, context) => ({
    UserName,
    ...get(dependencies, 'user', UserName, PolicyName, context),
  });

export const listUserPolicies =
  (dependencies: IamDependencies): IamOperations['ListUserPolicies'] =>
  (input, context) =>
    list(dependencies, 'user', input.UserName ?? '', input, context);

export const deleteUserPolicy =
  (dependencies: IamDependencies): IamOperations['DeleteUserPolicy'] =>
  ({ UserName = '', PolicyName = '' }, context) =>
    remove(dependencies, 'user', UserName, PolicyName, context);

export const putGroupPolicy =
  (dependencies: IamDependencies): IamOperations['PutGroupPolicy'] =>
  (input, context) =>
    put(dependencies, 'group', input.GroupName ?? '', input, context);

export const getGroupPolicy =
  (dependencies: IamDependencies): IamOperations['GetGroupPolicy'] =>
  ({ GroupName = '', PolicyName = '' }, context) => ({
    GroupName,
    ...get(dependencies, 'group', GroupName, PolicyName, context),
  });

export const listGroupPolicies =
  (dependencies: IamDependencies): IamOperations['ListGroupPolicies'] =>
  (input, context) =>
    list(dependencies, 'group', input.GroupName ?? '', input, context);

export const deleteGroupPolicy =
  (dependencies: IamDependencies): IamOperations['DeleteGroupPolicy'] =>
  ({ GroupName = '', PolicyName = '' }, context) =>
    remove(dependencies, 'group', GroupName, PolicyName, context);
