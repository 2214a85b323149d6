import { beforeEach, describe, expect, it } from 'vitest';
import { Store } from '../../kernel/store.ts';
import type { Entity, EntityKind } from './entity.ts';
import { EntityStore } from './entityStore.ts';
import { PolicyStore } from './policyStore.ts';
import { PolicyReader } from './principalPolicies.ts';
import { TABLES } from './tables.ts';
import { TagStore } from './tagStore.ts';

const ACCOUNT = '000000000000';
const LOCAL = `arn:aws:iam::${ACCOUNT}:policy/local`;

let store: Store;
let reader: PolicyReader;
let entities: EntityStore;
let policies: PolicyStore;

beforeEach(() => {
  store = new Store();
  reader = new PolicyReader(store);
  store.define(TABLES);
  entities = new EntityStore(store);
  policies = new PolicyStore(store);
});

function make(kind: EntityKind, name: string, more: Partial<Entity> = {}): Entity {
  const entity: Entity = {
    id: `${kind}:${name}`,
    kind,
    account: ACCOUNT,
    name,
    path: '/',
    createdAt: 0,
    trustPolicy: undefined,
    description: undefined,
    maxSessionSeconds: undefined,
    boundary: undefined,
    ...more,
  };
  entities.insert(entity);
  return entity;
}

function makePolicy(documents: readonly string[], defaultVersion: number): void {
  policies.insert({
    arn: LOCAL,
    id: 'ANPA',
    account: ACCOUNT,
    name: 'local',
    path: '/',
    description: undefined,
    createdAt: 0,
    updatedAt: 0,
    defaultVersion,
    lastVersion: documents.length,
  });
  for (const [index, document] of documents.entries()) {
    policies.addVersion(LOCAL, { version: index + 1, document, createdAt: 0 });
  }
}

const session = (role: string) =>
  ({
    kind: 'role',
    account: ACCOUNT,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/session`,
    roleArn: `arn:aws:iam::${ACCOUNT}:role/team/${role}`,
    id: `role:${role}:session`,
  }) as const;

describe('the policies of a principal', () => {
  it('of a role are its own, the attached ones in their default version, and its boundary', () => {
    makePolicy(['old', 'new'], 2);
    const role = make('role', 'worker', { path: '/team/', boundary: LOCAL, trustPolicy: 'trust' });
    policies.putInline(role, 'own', 'text');
    policies.attach(role, LOCAL);
    policies.attach(role, 'arn:aws:iam::aws:policy/AWSStepFunctionsFullAccess');
    policies.attach(role, 'arn:aws:iam::aws:policy/Unheard');
    new TagStore(store).put(role.id, [{ Key: 'team', Value: 'red' }]);
    const local = { source: LOCAL, name: 'local', through: 'attached', document: 'new' };
    expect(reader.of(session('worker'))).toEqual({
      id: role.id,
      policies: [
        { source: `arn:aws:iam::${ACCOUNT}:role/team/worker`, name: 'own', through: 'inline', document: 'text' },
        local,
        {
          source: 'arn:aws:iam::aws:policy/AWSStepFunctionsFullAccess',
          name: 'AWSStepFunctionsFullAccess',
          through: 'attached',
          document: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["states:*"],"Resource":"*"}]}',
        },
        { source: 'arn:aws:iam::aws:policy/Unheard', name: 'Unheard', through: 'attached', document: undefined },
      ],
      boundary: local,
      tags: new Map([['team', 'red']]),
    });
    expect(reader.trustPolicy(ACCOUNT, 'worker')).toBe('trust');
  });

  it("of a user are also its groups'", () => {
    const user = make('user', 'ada');
    const group = make('group', 'team');
    entities.join(group, user);
    policies.putInline(group, 'shared', 'text');
    const arn = `arn:aws:iam::${ACCOUNT}:user/ada`;
    expect(reader.of({ kind: 'user', account: ACCOUNT, arn, id: user.id })?.policies).toEqual([
      { source: `arn:aws:iam::${ACCOUNT}:group/team`, name: 'shared', through: 'group', document: 'text' },
    ]);
  });

  it('of anyone else are unknown', () => {
    expect(reader.of(session('nope'))).toBeUndefined();
    expect(reader.of({ kind: 'root', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root` })).toBeUndefined();
    expect(reader.trustPolicy(ACCOUNT, 'nope')).toBeUndefined();
  });
});
