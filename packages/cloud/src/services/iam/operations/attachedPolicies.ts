import type { Context } from '../../../kernel/service.ts';
import { awsManagedPolicy } from '../aws-managed/awsManaged.ts';
import { policyArn } from '../constraints.ts';
import { type EntityKind, isServiceLinked } from '../entity.ts';
import { limitExceeded, policyNotAttachable, policyNotFound, unmodifiable } from '../errors.ts';
import type { IamDependencies, IamOperations } from '../operation.ts';
import { type PageInput, pageOf } from '../page.ts';
import { ofKind } from '../policyStore.ts';

type Holder = 'role' | 'user' | 'group';

const MOST_ATTACHED = 20;

function attach(
  dependencies: IamDependencies,
  kind: Holder,
  name: string,
  given: string | undefined,
  context: Context,
) {
  const { entities, policies } = dependencies;
  const arn = policyArn(given);
  const holder = entities.get(context, kind, name);
  if (isServiceLinked(holder)) throw unmodifiable(holder.name);
  if (awsManagedPolicy(arn) === undefined && policies.find(arn) === undefined) throw policyNotAttachable(arn);
  const attached = policies.attachedTo(holder);
  if (!attached.includes(arn) && attached.length >= MOST_ATTACHED) {
    const word = { role: 'Role', user: 'User', group: 'Group' }[kind];
    throw limitExceeded(`Cannot exceed quota for PoliciesPer${word}: ${MOST_ATTACHED}`);
  }
  policies.attach(holder, arn);
  return {};
}

function detach(
  dependencies: IamDependencies,
  kind: Holder,
  name: string,
  given: string | undefined,
  context: Context,
) {
  const arn = policyArn(given);
  const holder = dependencies.entities.get(context, kind, name);
  if (isServiceLinked(holder)) throw unmodifiable(holder.name);
  if (!dependencies.policies.detach(holder, arn)) throw policyNotFound(arn);
  return {};
}

function list(
  { entities, policies }: IamDependencies,
  kind: Holder,
  name: string,
  input: PageInput & { readonly PathPrefix?: string | undefined },
  context: Context,
) {
  const { PathPrefix = '/' } = input;
  const arns = policies.attachedTo(entities.get(context, kind, name));
  const wanted = arns.filter((arn) => pathOf(arn).startsWith(PathPrefix));
  const { items, page } = pageOf(wanted, input, (arn) => arn);
  return {
    AttachedPolicies: items.map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn })),
    ...page,
  };
}

/** The path in a policy's ARN: `/service-role/`. */
const pathOf = (arn: string): string => arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1);

export const attachRolePolicy =
  (dependencies: IamDependencies): IamOperations['AttachRolePolicy'] =>
  ({ RoleName = '', PolicyArn }, context) =>
    attach(dependencies, 'role', RoleName, PolicyArn, context);

export const detachRolePolicy =
  (dependencies: IamDependencies): IamOperations['DetachRolePolicy'] =>
  ({ RoleName = '', PolicyArn }, context) =>
    detach(dependencies, 'role', RoleName, PolicyArn, context);

export const listAttachedRolePolicies =
  (dependencies: IamDependencies): IamOperations['ListAttachedRolePolicies'] =>
  (input, context) =>
    list(dependencies, 'role', input.RoleName ?? '', input, context);

export const attachUserPolicy =
  (dependencies: IamDependencies): IamOperations['AttachUserPolicy'] =>
  ({ UserName = '', PolicyArn }, context) =>
    attach(dependencies, 'user', UserName, PolicyArn, context);

export const detachUserPolicy =
  (dependencies: IamDependencies): IamOperations['DetachUserPolicy'] =>
  ({ UserName = '', PolicyArn }, context) =>
    detach(dependencies, 'user', UserName, PolicyArn, context);

export const listAttachedUserPolicies =
  (dependencies: IamDependencies): IamOperations['ListAttachedUserPolicies'] =>
  (input, context) =>
    list(dependencies, 'user', input.UserName ?? '', input, context);

export const attachGroupPolicy =
  (dependencies: IamDependencies): IamOperations['AttachGroupPolicy'] =>
  ({ GroupName = '', PolicyArn }, context) =>
    attach(dependencies, 'group', GroupName, PolicyArn, context);

export const detachGroupPolicy =
  (dependencies: IamDependencies): IamOperations['DetachGroupPolicy'] =>
  ({ GroupName = '', PolicyArn }, context) =>
    detach(dependencies, 'group', GroupName, PolicyArn, context);

export const listAttachedGroupPolicies =
  (dependencies: IamDependencies): IamOperations['ListAttachedGroupPolicies'] =>
  (input, context) =>
    list(dependencies, 'group', input.GroupName ?? '', input, context);

const FILTERS: Readonly<Record<string, EntityKind>> = { User: 'user', Role: 'role', Group: 'group' };

export const listEntitiesForPolicy =
  ({ policies }: IamDependencies): IamOperations['ListEntitiesForPolicy'] =>
  (input) => {
    const arn = policyArn(input.PolicyArn);
    if (awsManagedPolicy(arn) === undefined) policies.get(arn);
    const { EntityFilter, PathPrefix = '/', PolicyUsageFilter } = input;
    const all = PolicyUsageFilter === 'PermissionsBoundary' ? policies.bounded(arn) : policies.holders(arn);
    const kind = FILTERS[EntityFilter ?? ''];
    const wanted = all.filter(
      (entity) => entity.path.startsWith(PathPrefix) && (kind === undefined || entity.kind === kind),
    );
    const { items, page } = pageOf(wanted, input, ({ id }) => id);
    return {
      PolicyRoles: ofKind(items, 'role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      PolicyUsers: ofKind(items, 'user').map(({ name, id }) => ({ UserName: name, UserId: id })),
      PolicyGroups: ofKind(items, 'group').map(({ name, id }) => ({ GroupName: name, GroupId: id })),
      ...page,
    };
  };
