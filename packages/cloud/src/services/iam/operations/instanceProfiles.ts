import type { InstanceProfile } from '@aws-sdk/client-iam';
import type { Scope } from '../../../kernel/names.ts';
import { roleAnswer } from '../answers.ts';
import { type Entity, entityArn } from '../entity.ts';
import { deleteConflict, limitExceeded, noSuchEntity } from '../errors.ts';
import { createEntity } from '../newEntity.ts';
import type { IamDependencies, IamOperations } from '../operation.ts';
import { pageOf } from '../page.ts';
import { under } from './roles.ts';

export const createInstanceProfile =
  (dependencies: IamDependencies): IamOperations['CreateInstanceProfile'] =>
  ({ InstanceProfileName, Path, Tags }, context) => {
    const profile = createEntity(dependencies, context, 'instance-profile', {
      name: InstanceProfileName,
      path: Path,
      tags: Tags,
    });
    return { InstanceProfile: answer(dependencies, profile, context) };
  };

export const getInstanceProfile =
  (dependencies: IamDependencies): IamOperations['GetInstanceProfile'] =>
  ({ InstanceProfileName = '' }, context) => {
    const profile = dependencies.entities.get(context, 'instance-profile', InstanceProfileName);
    return { InstanceProfile: answer(dependencies, profile, context) };
  };

export const listInstanceProfiles =
  (dependencies: IamDependencies): IamOperations['ListInstanceProfiles'] =>
  (input, context) => {
    const profiles = under(dependencies.entities.list(context, 'instance-profile', ''), input.PathPrefix ?? '/');
    const { items, page } = pageOf(profiles, input, ({ name }) => name);
    return { InstanceProfiles: items.map((profile) => answer(dependencies, profile, context)), ...page };
  };

export const listInstanceProfilesForRole =
  (dependencies: IamDependencies): IamOperations['ListInstanceProfilesForRole'] =>
  (input, context) => {
    const { entities } = dependencies;
    const profiles = entities.parentsOf(entities.get(context, 'role', input.RoleName ?? ''), 'instance-profile');
    const { items, page } = pageOf(profiles, input, ({ id }) => id);
    return { InstanceProfiles: items.map((profile) => answer(dependencies, profile, context)), ...page };
  };

export const deleteInstanceProfile =
  ({ entities, tags }: IamDependencies): IamOperations['DeleteInstanceProfile'] =>
  ({ InstanceProfileName = '' }, context) => {
    const profile = entities.get(context, 'instance-profile', InstanceProfileName);
    if (entities.childrenOf(profile).length > 0) {
      throw deleteConflict('entity, must remove roles from instance profile first.');
    }
    tags.removeAll(profile.id);
    entities.remove(profile);
    return {};
  };

export const addRoleToInstanceProfile =
  ({ entities }: IamDependencies): IamOperations['AddRoleToInstanceProfile'] =>
  ({ InstanceProfileName = '', RoleName = '' }, context) => {
    const profile = entities.get(context, 'instance-profile', InstanceProfileName);
    const role = entities.get(context, 'role', RoleName);
    if (entities.childrenOf(profile).length > 0) {
      throw limitExceeded('Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1');
    }
    entities.join(profile, role);
    return {};
  };

export const removeRoleFromInstanceProfile =
  ({ entities }: IamDependencies): IamOperations['RemoveRoleFromInstanceProfile'] =>
  ({ InstanceProfileName = '', RoleName = '' }, context) => {
    const profile = entities.get(context, 'instance-profile', InstanceProfileName);
    if (!entities.leave(profile, entities.get(context, 'role', RoleName))) {
      throw noSuchEntity(`The role with name ${RoleName} cannot be found in the instance profile.`);
    }
    return {};
  };

const answer = ({ entities, tags }: IamDependencies, profile: Entity, scope: Scope): InstanceProfile => ({
  Path: profile.path,
  InstanceProfileName: profile.name,
  InstanceProfileId: profile.id,
  Arn: entityArn(profile, scope),
  CreateDate: new Date(profile.createdAt),
  Roles: entities.childrenOf(profile).map((role) => roleAnswer(role, scope)),
  Tags: tags.of(profile.id),
});
