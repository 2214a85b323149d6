import { groupAnswer, userAnswer } from '../answers.ts';
import { check, NAME_LENGTHS, name, path } from '../constraints.ts';
import { deleteConflict, entityAlreadyExists, noSuchEntity } from '../errors.ts';
import { createEntity } from '../newEntity.ts';
import type { IamDependencies, IamOperations } from '../operation.ts';
import { pageOf } from '../page.ts';
import { under } from './roles.ts';

export const createGroup =
  (dependencies: IamDependencies): IamOperations['CreateGroup'] =>
  ({ GroupName, Path }, context) => {
    const group = createEntity(dependencies, context, 'group', { name: GroupName, path: Path });
    return { Group: groupAnswer(group, context) };
  };

export const getGroup =
  ({ entities }: IamDependencies): IamOperations['GetGroup'] =>
  (input, context) => {
    const group = entities.get(context, 'group', input.GroupName ?? '');
    const { items, page } = pageOf(entities.childrenOf(group), input, ({ id }) => id);
    return { Group: groupAnswer(group, context), Users: items.map((user) => userAnswer(user, context)), ...page };
  };

export const listGroups =
  ({ entities }: IamDependencies): IamOperations['ListGroups'] =>
  (input, context) => {
    const groups = under(entities.list(context, 'group', ''), input.PathPrefix ?? '/');
    const { items, page } = pageOf(groups, input, ({ name: group }) => group);
    return { Groups: items.map((group) => groupAnswer(group, context)), ...page };
  };

export const listGroupsForUser =
  ({ entities }: IamDependencies): IamOperations['ListGroupsForUser'] =>
  (input, context) => {
    const groups = entities.parentsOf(entities.get(context, 'user', input.UserName ?? ''), 'group');
    const { items, page } = pageOf(groups, input, ({ id }) => id);
    return { Groups: items.map((group) => groupAnswer(group, context)), ...page };
  };

export const updateGroup =
  ({ entities }: IamDependencies): IamOperations['UpdateGroup'] =>
  ({ GroupName = '', NewGroupName, NewPath }, context) => {
    check(
      NewGroupName === undefined ? undefined : name('newGroupName', NewGroupName, NAME_LENGTHS.group),
      path(NewPath),
    );
    const group = entities.get(context, 'group', GroupName);
    const taken = NewGroupName === undefined ? undefined : entities.find(context, 'group', NewGroupName);
    if (taken !== undefined && taken.id !== group.id) throw entityAlreadyExists('group', taken.name);
    entities.update({ ...group, name: NewGroupName ?? group.name, path: NewPath ?? group.path });
    return {};
  };

export const deleteGroup =
  ({ entities, policies }: IamDependencies): IamOperations['DeleteGroup'] =>
  ({ GroupName = '' }, context) => {
    const group = entities.get(context, 'group', GroupName);
    if (entities.childrenOf(group).length > 0) throw deleteConflict('entity, must remove users from group first.');
    if (policies.attachedTo(group).length > 0) throw deleteConflict('entity, must detach all policies first.');
    if (policies.inlinePolicies(group).size > 0) throw deleteConflict('entity, must delete policies first.');
    entities.remove(group);
    return {};
  };

export const addUserToGroup =
  ({ entities }: IamDependencies): IamOperations['AddUserToGroup'] =>
  ({ GroupName = '', UserName = '' }, context) => {
    entities.join(entities.get(context, 'group', GroupName), entities.get(context, 'user', UserName));
    return {};
  };

export const removeUserFromGroup =
  ({ entities }: IamDependencies): IamOperations['RemoveUserFromGroup'] =>
  ({ GroupName = '', UserName = '' }, context) => {
    const left = entities.leave(entities.get(context, 'group', GroupName), entities.get(context, 'user', UserName));
    if (!left) throw noSuchEntity(`The user with name ${UserName} is not in the group ${GroupName}.`);
    return {};
  };
