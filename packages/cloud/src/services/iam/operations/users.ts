import type { Context } from '../../../kernel/service.ts';
import { userAnswer, userDetails } from '../answers.ts';
import { check, NAME_LENGTHS, name, path } from '../constraints.ts';
import type { Entity } from '../entity.ts';
import { deleteConflict, entityAlreadyExists, validationError } from '../errors.ts';
import { checkBoundary, createEntity } from '../newEntity.ts';
import type { IamDependencies, IamOperations } from '../operation.ts';
import { pageOf } from '../page.ts';
import { under } from './roles.ts';

export const createUser =
  (dependencies: IamDependencies): IamOperations['CreateUser'] =>
  ({ UserName, Path, Tags, PermissionsBoundary }, context) => {
    const user = createEntity(dependencies, context, 'user', {
      name: UserName,
      path: Path,
      tags: Tags,
      boundary: PermissionsBoundary,
    });
    return { User: userDetails(user, dependencies.tags.of(user.id), context) };
  };

export const getUser =
  ({ entities, tags }: IamDependencies): IamOperations['GetUser'] =>
  ({ UserName }, context) => {
    if (UserName === undefined && context.principal.kind === 'root') return { User: owner(context) };
    const user = userNamed(entities, context, UserName);
    return { User: userDetails(user, tags.of(user.id), context) };
  };

/** The account's owner, who has neither name nor path. */
const owner = ({ account, principal }: Context) => ({
  Path: '/',
  UserName: '',
  UserId: account,
  Arn: principal.arn,
  CreateDate: new Date(0),
});

/** The user of a name, or the one who calls. @throws NoSuchEntity, ValidationError */
export function userNamed(entities: IamDependencies['entities'], context: Context, name: string | undefined): Entity {
  if (name !== undefined) return entities.get(context, 'user', name);
  const { principal } = context;
  const caller = principal.kind === 'user' ? entities.byId(principal.id) : undefined;
  if (caller === undefined) throw validationError('Must specify userName when calling with non-User credentials');
  return caller;
}

export const listUsers =
  ({ entities }: IamDependencies): IamOperations['ListUsers'] =>
  (input, context) => {
    const users = under(entities.list(context, 'user', ''), input.PathPrefix ?? '/');
    const { items, page } = pageOf(users, input, ({ name: user }) => user);
    return { Users: items.map((user) => userAnswer(user, context)), ...page };
  };

export const updateUser =
  ({ entities, accessKeys, keys }: IamDependencies): IamOperations['UpdateUser'] =>
  ({ UserName = '', NewUserName, NewPath }, context) => {
    check(NewUserName === undefined ? undefined : name('newUserName', NewUserName, NAME_LENGTHS.user), path(NewPath));
    const user = entities.get(context, 'user', UserName);
    const taken = NewUserName === undefined ? undefined : entities.find(context, 'user', NewUserName);
    if (taken !== undefined && taken.id !== user.id) throw entityAlreadyExists('user', taken.name);
    const updated = { ...user, name: NewUserName ?? user.name, path: NewPath ?? user.path };
    entities.update(updated);
    // Its keys stand for the new name from now on.
    for (const key of accessKeys.of(user)) keys.issue(key, updated, context.region);
    return {};
  };

export const deleteUser =
  ({ entities, policies, tags, accessKeys }: IamDependencies): IamOperations['DeleteUser'] =>
  ({ UserName = '' }, context) => {
    const user = entities.get(context, 'user', UserName);
    if (accessKeys.of(user).length > 0) throw deleteConflict('entity, must delete access keys first.');
    if (policies.attachedTo(user).length > 0) throw deleteConflict('entity, must detach all policies first.');
    if (policies.inlinePolicies(user).size > 0) throw deleteConflict('entity, must delete policies first.');
    if (entities.parentsOf(user, 'group').length > 0) {
      throw deleteConflict('entity, must remove users from group first.');
    }
    tags.removeAll(user.id);
    entities.remove(user);
    return {};
  };

export const putUserPermissionsBoundary =
  ({ entities, policies }: IamDependencies): IamOperations['PutUserPermissionsBoundary'] =>
  ({ UserName = '', PermissionsBoundary = '' }, context) => {
    const user = entities.get(context, 'user', UserName);
    checkBoundary(policies, PermissionsBoundary);
    entities.update({ ...user, boundary: PermissionsBoundary });
    return {};
  };

export const deleteUserPermissionsBoundary =
  ({ entities }: IamDependencies): IamOperations['DeleteUserPermissionsBoundary'] =>
  ({ UserName = '' }, context) => {
    entities.update({ ...entities.get(context, 'user', UserName), boundary: undefined });
    return {};
  };
