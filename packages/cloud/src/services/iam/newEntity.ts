import type { Tag } from '@aws-sdk/client-iam';
import type { Context } from '../../kernel/service.ts';
import { awsManagedPolicy } from './aws-managed/awsManaged.ts';
import { check, NAME_LENGTHS, name as nameOf, path as pathOf, policyArn } from './constraints.ts';
import { type Entity, type EntityKind, entityArn, ID_PREFIXES } from './entity.ts';
import { entityAlreadyExists, policyNotFound } from './errors.ts';
import type { IamDependencies } from './operation.ts';
import { checkTags } from './tags.ts';

/** What a new entity begins with. */
export interface NewEntity {
  readonly name: string | undefined;
  readonly path: string | undefined;
  readonly tags?: readonly Tag[] | undefined;
  readonly boundary?: string | undefined;
  readonly trustPolicy?: string | undefined;
  readonly description?: string | undefined;
  readonly maxSessionSeconds?: number | undefined;
}

const NAME_MEMBERS: Readonly<Record<EntityKind, string>> = {
  role: 'roleName',
  user: 'userName',
  group: 'groupName',
  'instance-profile': 'instanceProfileName',
};

/** Makes an entity. @throws EntityAlreadyExists, ValidationError, InvalidInput */
export function createEntity(
  { entities, tags, policies, random, scheduler }: IamDependencies,
  context: Context,
  kind: EntityKind,
  given: NewEntity,
): Entity {
  const { name = '', path = '/' } = given;
  check(nameOf(NAME_MEMBERS[kind], given.name, NAME_LENGTHS[kind]), pathOf(given.path));
  checkTags(given.tags);
  if (entities.find(context, kind, name) !== undefined) throw entityAlreadyExists(kind, name);
  if (given.boundary !== undefined) checkBoundary(policies, given.boundary);
  const draft = { kind, account: context.account, name, path } as const;
  const entity: Entity = {
    ...draft,
    id: ID_PREFIXES[kind] + random.of(entityArn(draft, context)).letters(17),
    createdAt: scheduler.now,
    trustPolicy: given.trustPolicy,
    description: given.description,
    maxSessionSeconds: given.maxSessionSeconds,
    boundary: given.boundary,
  };
  entities.insert(entity);
  tags.put(entity.id, given.tags ?? []);
  return entity;
}

/** Checks that a permissions boundary is a policy that exists. @throws NoSuchEntity */
export function checkBoundary(policies: IamDependencies['policies'], arn: string): void {
  policyArn(arn);
  if (policies.find(arn) === undefined && awsManagedPolicy(arn) === undefined) throw policyNotFound(arn);
}
