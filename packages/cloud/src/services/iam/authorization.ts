import type * as sdk from '@aws-sdk/client-iam';
import { globalArn, type Scope } from '../../kernel/names.ts';
import type { AuthorizeOf, Context } from '../../kernel/service.ts';
import { type EntityKind, entityArn } from './entity.ts';
import type { EntityStore } from './entityStore.ts';
import { serviceLinkedRole } from './serviceLinkedRole.ts';

interface Named {
  readonly RoleName?: string | undefined;
  readonly UserName?: string | undefined;
  readonly GroupName?: string | undefined;
  readonly InstanceProfileName?: string | undefined;
  readonly Path?: string | undefined;
}

/** For each operation: the ARN of what it acts on. */
export function authorization(entities: EntityStore): Partial<AuthorizeOf<typeof sdk>> {
  /** With its path, when it is there: an input has only the name. */
  const arnOf = (kind: EntityKind, name: string, context: Scope): string =>
    entityArn(entities.find(context, kind, name) ?? { kind, account: context.account, path: '/', name }, context);
  const onRole = ({ RoleName = '' }: Named, context: Context): string => arnOf('role', RoleName, context);
  const onGroup = ({ GroupName = '' }: Named, context: Context): string => arnOf('group', GroupName, context);
  const onProfile = ({ InstanceProfileName = '' }: Named, context: Context): string =>
    arnOf('instance-profile', InstanceProfileName, context);
  const onUser = ({ UserName }: Named, context: Context): string =>
    UserName === undefined ? context.principal.arn : arnOf('user', UserName, context);
  const onPolicy = ({ PolicyArn = '' }: { readonly PolicyArn?: string | undefined }): string => PolicyArn;
  const created =
    (kind: EntityKind) =>
    ({ RoleName, UserName, GroupName, InstanceProfileName, Path = '/' }: Named, { account, region }: Scope): string => {
      const name = RoleName ?? UserName ?? GroupName ?? InstanceProfileName ?? '';
      return entityArn({ kind, account, path: Path, name }, { account, region });
    };
  return {
    AddRoleToInstanceProfile: onProfile,
    AddUserToGroup: onGroup,
    AttachGroupPolicy: onGroup,
    AttachRolePolicy: onRole,
    AttachUserPolicy: onUser,
    CreateAccessKey: onUser,
    CreateGroup: created('group'),
    CreateInstanceProfile: created('instance-profile'),
    CreatePolicy: ({ PolicyName = '', Path = '/' }, context) => globalArn('iam', context, `policy${Path}${PolicyName}`),
    CreatePolicyVersion: onPolicy,
    CreateRole: created('role'),
    CreateServiceLinkedRole: ({ AWSServiceName = '' }, context) =>
      globalArn('iam', context, `role/aws-service-role/${AWSServiceName}/${serviceLinkedRole(AWSServiceName).name}`),
    CreateUser: created('user'),
    DeleteAccessKey: onUser,
    DeleteGroup: onGroup,
    DeleteGroupPolicy: onGroup,
    DeleteInstanceProfile: onProfile,
    DeletePolicy: onPolicy,
    DeletePolicyVersion: onPolicy,
    DeleteRole: onRole,
    DeleteRolePermissionsBoundary: onRole,
    DeleteRolePolicy: onRole,
    DeleteServiceLinkedRole: onRole,
    DeleteUser: onUser,
    DeleteUserPermissionsBoundary: onUser,
    DeleteUserPolicy: onUser,
    DetachGroupPolicy: onGroup,
    DetachRolePolicy: onRole,
    DetachUserPolicy: onUser,
    GetAccessKeyLastUsed: () => '*',
    GetGroup: onGroup,
    GetGroupPolicy: onGroup,
    GetInstanceProfile: onProfile,
    GetPolicy: onPolicy,
    GetPolicyVersion: onPolicy,
    GetRole: onRole,
    GetRolePolicy: onRole,
    GetServiceLinkedRoleDeletionStatus: () => '*',
    GetUser: onUser,
    GetUserPolicy: onUser,
    ListAccessKeys: onUser,
    ListAttachedGroupPolicies: onGroup,
    ListAttachedRolePolicies: onRole,
    ListAttachedUserPolicies: onUser,
    ListEntitiesForPolicy: onPolicy,
    ListGroupPolicies: onGroup,
    ListGroups: ({ PathPrefix = '/' }, context) => globalArn('iam', context, `group${PathPrefix}`),
    ListGroupsForUser: onUser,
    ListInstanceProfileTags: onProfile,
    ListInstanceProfiles: ({ PathPrefix = '/' }, context) => globalArn('iam', context, `instance-profile${PathPrefix}`),
    ListInstanceProfilesForRole: onRole,
    ListPolicies: () => '*',
    ListPolicyTags: onPolicy,
    ListPolicyVersions: onPolicy,
    ListRolePolicies: onRole,
    ListRoleTags: onRole,
    ListRoles: ({ PathPrefix = '/' }, context) => globalArn('iam', context, `role${PathPrefix}`),
    ListUserPolicies: onUser,
    ListUserTags: onUser,
    ListUsers: ({ PathPrefix = '/' }, context) => globalArn('iam', context, `user${PathPrefix}`),
    PutGroupPolicy: onGroup,
    PutRolePermissionsBoundary: onRole,
    PutRolePolicy: onRole,
    PutUserPermissionsBoundary: onUser,
    PutUserPolicy: onUser,
    RemoveRoleFromInstanceProfile: onProfile,
    RemoveUserFromGroup: onGroup,
    SetDefaultPolicyVersion: onPolicy,
    TagInstanceProfile: onProfile,
    TagPolicy: onPolicy,
    TagRole: onRole,
    TagUser: onUser,
    UntagInstanceProfile: onProfile,
    UntagPolicy: onPolicy,
    UntagRole: onRole,
    UntagUser: onUser,
    UpdateAccessKey: onUser,
    UpdateAssumeRolePolicy: onRole,
    UpdateGroup: onGroup,
    UpdateRole: onRole,
    UpdateRoleDescription: onRole,
    UpdateUser: onUser,
  };
}
