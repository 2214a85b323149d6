import type { Scope } from '../../../kernel/names.ts';
import type { Violation } from '../../../kernel/violations.ts';
import { roleAnswer, roleDetails } from '../answers.ts';
import { check } from '../constraints.ts';
import { type Entity, isServiceLinked } from '../entity.ts';
import { deleteConflict, unmodifiable } from '../errors.ts';
import { checkBoundary, createEntity } from '../newEntity.ts';
import type { IamDependencies, IamOperations } from '../operation.ts';
import { pageOf } from '../page.ts';
import { checkTrustPolicy } from '../policyDocument.ts';

const HOUR = 3_600;

export const createRole =
  (dependencies: IamDependencies): IamOperations['CreateRole'] =>
  (input, context) => {
    const { MaxSessionDuration, Description, Tags, PermissionsBoundary } = input;
    check(
      sessionDuration(MaxSessionDuration),
      input.AssumeRolePolicyDocument === undefined && { at: 'assumeRolePolicyDocument', must: 'not be null' },
    );
    const trustPolicy = checkTrustPolicy(input.AssumeRolePolicyDocument);
    const role = createEntity(dependencies, context, 'role', {
      name: input.RoleName,
      path: input.Path,
      trustPolicy,
      description: Description,
      maxSessionSeconds: MaxSessionDuration ?? HOUR,
      boundary: PermissionsBoundary,
      tags: Tags,
    });
    const { MaxSessionDuration: _, ...answer } = roleDetails(role, dependencies.tags.of(role.id), context);
    return { Role: answer };
  };

export const getRole =
  ({ entities, tags }: IamDependencies): IamOperations['GetRole'] =>
  ({ RoleName = '' }, context) => {
    const role = entities.get(context, 'role', RoleName);
    return { Role: { ...roleDetails(role, tags.of(role.id), context), RoleLastUsed: {} } };
  };

export const listRoles =
  ({ entities }: IamDependencies): IamOperations['ListRoles'] =>
  (input, context) => {
    const { PathPrefix = '/' } = input;
    const roles = under(entities.list(context, 'role', ''), PathPrefix);
    const { items, page } = pageOf(roles, input, ({ name }) => name);
    return { Roles: items.map((role) => roleAnswer(role, context)), ...page };
  };

/** The entities below a path. */
export function* under(entities: Iterable<Entity>, prefix: string): Generator<Entity> {
  for (const entity of entities) if (entity.path.startsWith(prefix)) yield entity;
}

export const updateRole =
  ({ entities }: IamDependencies): IamOperations['UpdateRole'] =>
  ({ RoleName = '', Description, MaxSessionDuration }, context) => {
    check(sessionDuration(MaxSessionDuration));
    const role = changeable(entities, context, RoleName);
    entities.update({
      ...role,
      description: Description ?? role.description,
      maxSessionSeconds: MaxSessionDuration ?? role.maxSessionSeconds,
    });
    return {};
  };

/** The older way to give a role a description. */
export const updateRoleDescription =
  ({ entities, tags }: IamDependencies): IamOperations['UpdateRoleDescription'] =>
  ({ RoleName = '', Description }, context) => {
    const role = { ...changeable(entities, context, RoleName), description: Description };
    entities.update(role);
    return { Role: roleDetails(role, tags.of(role.id), context) };
  };

export const updateAssumeRolePolicy =
  ({ entities }: IamDependencies): IamOperations['UpdateAssumeRolePolicy'] =>
  ({ RoleName = '', PolicyDocument }, context) => {
    const role = changeable(entities, context, RoleName);
    entities.update({ ...role, trustPolicy: checkTrustPolicy(PolicyDocument) });
    return {};
  };

export const deleteRole =
  ({ entities, policies, tags }: IamDependencies): IamOperations['DeleteRole'] =>
  ({ RoleName = '' }, context) => {
    const role = changeable(entities, context, RoleName);
    if (entities.parentsOf(role, 'instance-profile').length > 0) {
      throw deleteConflict('entity, must remove roles from instance profile first.');
    }
    if (policies.attachedTo(role).length > 0) throw deleteConflict('entity, must detach all policies first.');
    if (policies.inlinePolicies(role).size > 0) throw deleteConflict('entity, must delete policies first.');
    tags.removeAll(role.id);
    entities.remove(role);
    return {};
  };

export const putRolePermissionsBoundary =
  ({ entities, policies }: IamDependencies): IamOperations['PutRolePermissionsBoundary'] =>
  ({ RoleName = '', PermissionsBoundary = '' }, context) => {
    const role = changeable(entities, context, RoleName);
    checkBoundary(policies, PermissionsBoundary);
    entities.update({ ...role, boundary: PermissionsBoundary });
    return {};
  };

export const deleteRolePermissionsBoundary =
  ({ entities }: IamDependencies): IamOperations['DeleteRolePermissionsBoundary'] =>
  ({ RoleName = '' }, context) => {
    entities.update({ ...changeable(entities, context, RoleName), boundary: undefined });
    return {};
  };

/** A role that is not a service's own. @throws NoSuchEntity, UnmodifiableEntity */
export function changeable(entities: IamDependencies['entities'], scope: Scope, name: string): Entity {
  const role = entities.get(scope, 'role', name);
  if (isServiceLinked(role)) throw unmodifiable(role.name);
  return role;
}

function sessionDuration(seconds: number | undefined): Violation | undefined {
  if (seconds === undefined) return undefined;
  const at = 'maxSessionDuration';
  if (seconds < HOUR) return { at, must: `have value greater than or equal to ${HOUR}` };
  return seconds > 12 * HOUR ? { at, must: `have value less than or equal to ${12 * HOUR}` } : undefined;
}
