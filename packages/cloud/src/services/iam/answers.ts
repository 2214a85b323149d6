import type { AttachedPermissionsBoundary, Group, Role, Tag, User } from '@aws-sdk/client-iam';
import type { Scope } from '../../kernel/names.ts';
import { type Entity, entityArn } from './entity.ts';
import { encodedDocument } from './policyDocument.ts';

const boundaryOf = ({ boundary }: Entity): { PermissionsBoundary?: AttachedPermissionsBoundary } =>
  boundary === undefined
    ? {}
    : {
        PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: boundary },
      };

const tagsOf = (tags: readonly Tag[]): { Tags?: Tag[] } => (tags.length === 0 ? {} : { Tags: [...tags] });

/** A role as AWS answers it in lists; other answers leave something out or add to it. */
export const roleAnswer = (role: Entity, scope: Scope): Role => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: entityArn(role, scope),
  CreateDate: new Date(role.createdAt),
  AssumeRolePolicyDocument: encodedDocument(role.trustPolicy ?? ''),
  ...(role.description === undefined || role.description === '' ? {} : { Description: role.description }),
  MaxSessionDuration: role.maxSessionSeconds,
});

/** A role as it is answered alone: with its boundary and tags. */
export const roleDetails = (role: Entity, tags: readonly Tag[], scope: Scope): Role => ({
  ...roleAnswer(role, scope),
  ...boundaryOf(role),
  ...tagsOf(tags),
});

/** A user as AWS answers it in lists. */
export const userAnswer = (user: Entity, scope: Scope): User => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: entityArn(user, scope),
  CreateDate: new Date(user.createdAt),
});

/** A user as it is answered alone: with its boundary and tags. */
export const userDetails = (user: Entity, tags: readonly Tag[], scope: Scope): User => ({
  ...userAnswer(user, scope),
  ...boundaryOf(user),
  ...tagsOf(tags),
});

export const groupAnswer = (group: Entity, scope: Scope): Group => ({
  Path: group.path,
  GroupName: group.name,
  GroupId: group.id,
  Arn: entityArn(group, scope),
  CreateDate: new Date(group.createdAt),
});
