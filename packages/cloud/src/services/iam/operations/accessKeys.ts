import type { Context } from '../../../kernel/service.ts';
import type { AccessKey } from '../accessKeyStore.ts';
import { check, oneOf } from '../constraints.ts';
import type { Entity } from '../entity.ts';
import { limitExceeded, noSuchEntity } from '../errors.ts';
import type { IamDependencies, IamOperations } from '../operation.ts';
import { pageOf } from '../page.ts';
import { secretOf } from '../secret.ts';
import { userNamed } from './users.ts';

const MOST_KEYS = 2;

export const createAccessKey =
  ({ entities, accessKeys, keys, random, scheduler }: IamDependencies): IamOperations['CreateAccessKey'] =>
  ({ UserName }, context) => {
    const user = userNamed(entities, context, UserName);
    if (accessKeys.of(user).length >= MOST_KEYS) {
      throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${MOST_KEYS}`);
    }
    const stream = random.of(`access-key/${user.id}`);
    const key: AccessKey = {
      id: `AKIA${stream.letters(16)}`,
      userId: user.id,
      secret: secretOf(stream),
      status: 'Active',
      createdAt: scheduler.now,
    };
    accessKeys.insert(key);
    keys.issue(key, user, context.region);
    return {
      AccessKey: {
        UserName: user.name,
        AccessKeyId: key.id,
        Status: 'Active',
        SecretAccessKey: key.secret,
        CreateDate: new Date(key.createdAt),
      },
    };
  };

export const listAccessKeys =
  ({ entities, accessKeys }: IamDependencies): IamOperations['ListAccessKeys'] =>
  (input, context) => {
    const user = userNamed(entities, context, input.UserName);
    const { items, page } = pageOf(accessKeys.of(user), input, ({ id }) => id);
    return {
      AccessKeyMetadata: items.map(({ id, status, createdAt }) => ({
        UserName: user.name,
        AccessKeyId: id,
        Status: status === 'Active' ? 'Active' : 'Inactive',
        CreateDate: new Date(createdAt),
      })),
      ...page,
    };
  };

export const updateAccessKey =
  (dependencies: IamDependencies): IamOperations['UpdateAccessKey'] =>
  ({ UserName, AccessKeyId = '', Status }, context) => {
    check(
      Status === undefined ? { at: 'status', must: 'not be null' } : oneOf('status', Status, ['Active', 'Inactive']),
    );
    change(dependencies, context, UserName, AccessKeyId, Status === 'Active' ? 'Active' : 'Inactive');
    return {};
  };

export const deleteAccessKey =
  (dependencies: IamDependencies): IamOperations['DeleteAccessKey'] =>
  ({ UserName, AccessKeyId = '' }, context) => {
    change(dependencies, context, UserName, AccessKeyId, 'Deleted');
    return {};
  };

/** Says when a key was used last: never, as far as is known here. */
export const getAccessKeyLastUsed =
  ({ entities, accessKeys }: IamDependencies): IamOperations['GetAccessKeyLastUsed'] =>
  ({ AccessKeyId = '' }) => {
    const key = accessKeys.find(AccessKeyId);
    const user = key === undefined ? undefined : entities.byId(key.userId);
    if (user === undefined) throw keyNotFound(AccessKeyId);
    return { UserName: user.name, AccessKeyLastUsed: { LastUsedDate: undefined, ServiceName: 'N/A', Region: 'N/A' } };
  };

function change(
  { entities, accessKeys, keys }: IamDependencies,
  context: Context,
  userName: string | undefined,
  id: string,
  status: AccessKey['status'],
): void {
  const user: Entity = userNamed(entities, context, userName);
  const key = accessKeys.of(user).find((candidate) => candidate.id === id);
  if (key === undefined) throw keyNotFound(id);
  accessKeys.update({ ...key, status });
  keys.issue({ ...key, status }, user, context.region);
}

const keyNotFound = (id: string) => noSuchEntity(`The Access Key with id ${id} cannot be found.`);
