import { globalArn, type Scope } from '../../kernel/names.ts';

/** What has a name, a path and an id of its own. */
export type EntityKind = 'role' | 'user' | 'group' | 'instance-profile';

/** The words for them at the beginning of a sentence. */
export const ENTITY_WORDS: Readonly<Record<EntityKind, string>> = {
  role: 'Role',
  user: 'User',
  group: 'Group',
  'instance-profile': 'Instance Profile',
};

/** What the unique ids of a kind begin with. */
export const ID_PREFIXES: Readonly<Record<EntityKind | 'policy', string>> = {
  role: 'AROA',
  user: 'AIDA',
  group: 'AGPA',
  'instance-profile': 'AIPA',
  policy: 'ANPA',
};

/** A role, user, group or instance profile. */
export interface Entity {
  /** Its unique id: `AROA…`. */
  readonly id: string;
  readonly kind: EntityKind;
  readonly account: string;
  readonly name: string;
  /** `/`, or more: `/team/`. */
  readonly path: string;
  /** ms since 1970 */
  readonly createdAt: number;
  /** Of a role: who may assume it. */
  readonly trustPolicy: string | undefined;
  readonly description: string | undefined;
  /** Of a role. */
  readonly maxSessionSeconds: number | undefined;
  /** The ARN of the managed policy that bounds its permissions. */
  readonly boundary: string | undefined;
}

/** The ARN of an entity. */
export const entityArn = (
  { kind, path, name, account }: Pick<Entity, 'kind' | 'path' | 'name' | 'account'>,
  scope: Scope,
): string => globalArn('iam', { account, region: scope.region }, `${kind}${path}${name}`);

/** A role that a service made for itself: only AWS changes it. */
export const isServiceLinked = ({ path }: Pick<Entity, 'path'>): boolean => path.startsWith('/aws-service-role/');
