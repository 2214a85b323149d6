import type { Credentials, Identity } from '../../kernel/credentials.ts';
import { globalArn, type Scope } from '../../kernel/names.ts';
import type { AccessKey, AccessKeyStore } from './accessKeyStore.ts';
import type { Entity } from './entity.ts';
import type { EntityStore } from './entityStore.ts';

/** Makes the access keys of users known to the cloud. What is known can be rebuilt from the rows. */
export class Keys {
  readonly #credentials: Credentials;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  /** Makes a key usable, or refused when it is inactive or deleted. */
  issue({ id, secret, status }: AccessKey, user: Entity, region: string): void {
    this.#credentials.issue(id, identityOf(secret, status, user, region));
  }

  /** Makes the keys of all rows known: at the start. */
  resume(accessKeys: AccessKeyStore, entities: EntityStore, { region }: Pick<Scope, 'region'>): void {
    for (const key of accessKeys.all()) {
      const user = entities.byId(key.userId);
      this.issue(key, user ?? NOBODY, region);
    }
  }
}

/** Whose the keys of deleted users are: nobody's, and refused. */
const NOBODY: Entity = {
  id: '',
  kind: 'user',
  account: '',
  name: '',
  path: '/',
  createdAt: 0,
  trustPolicy: undefined,
  description: undefined,
  maxSessionSeconds: undefined,
  boundary: undefined,
};

function identityOf(
  secretAccessKey: string,
  status: AccessKey['status'],
  { account, id, path, name }: Pick<Entity, 'account' | 'id' | 'path' | 'name'>,
  region: string,
): Identity {
  const arn = globalArn('iam', { account, region }, `user${path}${name}`);
  const principal = { kind: 'user', account, arn, id } as const;
  return status === 'Active' ? { principal, secretAccessKey } : { principal, secretAccessKey, refused: true as const };
}
