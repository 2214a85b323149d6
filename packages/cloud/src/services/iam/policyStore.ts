import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../kernel/names.ts';
import type { Store } from '../../kernel/store.ts';
import type { Entity, EntityKind } from './entity.ts';
import { entityOf } from './entityStore.ts';
import { policyNotFound } from './errors.ts';

type Row = Readonly<Record<string, string | number | null>>;

/** A managed policy of an account. */
export interface ManagedPolicy {
  readonly arn: string;
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly path: string;
  readonly description: string | undefined;
  /** ms since 1970 */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly defaultVersion: number;
  /** The number of the newest version that it ever had. */
  readonly lastVersion: number;
}

/** A version of a managed policy. */
export interface PolicyVersion {
  readonly version: number;
  readonly document: string;
  readonly createdAt: number;
}

/** All SQL about inline policies, managed policies, their versions and attachments. */
export class PolicyStore {
  readonly #putInline: StatementSync;
  readonly #inline: StatementSync;
  readonly #inlineNames: StatementSync;
  readonly #removeInline: StatementSync;
  readonly #find: StatementSync;
  readonly #named: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeVersions: StatementSync;
  readonly #list: StatementSync;
  readonly #version: StatementSync;
  readonly #versions: StatementSync;
  readonly #insertVersion: StatementSync;
  readonly #removeVersion: StatementSync;
  readonly #attach: StatementSync;
  readonly #detach: StatementSync;
  readonly #attached: StatementSync;
  readonly #holders: StatementSync;
  readonly #count: StatementSync;
  readonly #bounded: StatementSync;

  constructor(store: Store) {
    this.#putInline = store.prepare(
      'insert into iam_inline_policy values (?, ?, ?) on conflict do update set document = excluded.document',
    );
    this.#inline = store.prepareArrays('select document from iam_inline_policy where entity_id = ? and name = ?');
    this.#inlineNames = store.prepareArrays(
      'select name, document from iam_inline_policy where entity_id = ? order by name',
    );
    this.#removeInline = store.prepare('delete from iam_inline_policy where entity_id = ? and name = ?');
    this.#find = store.prepare('select * from iam_policy where arn = ?');
    this.#named = store.prepare('select * from iam_policy where account = ? and name = ? collate nocase');
    this.#insert = store.prepare('insert into iam_policy values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#update = store.prepare(
      'update iam_policy set updated_at = ?, default_version = ?, last_version = ? where arn = ?',
    );
    this.#remove = store.prepare('delete from iam_policy where arn = ?');
    this.#removeVersions = store.prepare('delete from iam_policy_version where policy_arn = ?');
    this.#list = store.prepare('select * from iam_policy where account = ? order by name');
    this.#version = store.prepare('select * from iam_policy_version where policy_arn = ? and version = ?');
    this.#versions = store.prepare('select * from iam_policy_version where policy_arn = ? order by version desc');
    this.#insertVersion = store.prepare('insert into iam_policy_version values (?, ?, ?, ?)');
    this.#removeVersion = store.prepare('delete from iam_policy_version where policy_arn = ? and version = ?');
    this.#attach = store.prepare('insert or ignore into iam_attachment values (?, ?)');
    this.#detach = store.prepare('delete from iam_attachment where entity_id = ? and policy_arn = ?');
    this.#attached = store.prepareArrays(
      'select policy_arn from iam_attachment where entity_id = ? order by policy_arn',
    );
    this.#holders = store.prepare(`select e.* from iam_attachment a join iam_entity e on e.id = a.entity_id
      where a.policy_arn = ? order by e.name`);
    this.#count = store.prepareArrays('select count(*) from iam_attachment where policy_arn = ?');
    this.#bounded = store.prepare('select * from iam_entity where boundary = ? order by name');
  }

  putInline({ id }: Entity, name: string, document: string): void {
    this.#putInline.run(id, name, document);
  }

  inline({ id }: Entity, name: string): string | undefined {
    const row = this.#inline.get(id, name) as unknown as readonly [string] | undefined; // prepared to give arrays
    return row?.[0];
  }

  /** Names and documents of an entity's inline policies, in the order of their names. */
  inlinePolicies({ id }: Pick<Entity, 'id'>): Map<string, string> {
    return new Map(this.#inlineNames.all(id) as unknown as [string, string][]); // prepared to give arrays
  }

  /** Answers whether there was one. */
  removeInline({ id }: Entity, name: string): boolean {
    return this.#removeInline.run(id, name).changes > 0;
  }

  find(arn: string): ManagedPolicy | undefined {
    return policyOf(this.#find.get(arn));
  }

  /** @throws NoSuchEntity */
  get(arn: string): ManagedPolicy {
    const policy = this.find(arn);
    if (policy === undefined) throw policyNotFound(arn);
    return policy;
  }

  named({ account }: Scope, name: string): ManagedPolicy | undefined {
    return policyOf(this.#named.get(account, name));
  }

  insert(policy: ManagedPolicy): void {
    this.#insert.run(
      policy.arn,
      policy.id,
      policy.account,
      policy.name,
      policy.path,
      policy.description ?? null,
      policy.createdAt,
      policy.updatedAt,
      policy.defaultVersion,
      policy.lastVersion,
    );
  }

  /** Writes what may change of a policy. */
  update({ arn, updatedAt, defaultVersion, lastVersion }: ManagedPolicy): void {
    this.#update.run(updatedAt, defaultVersion, lastVersion, arn);
  }

  remove({ arn }: ManagedPolicy): void {
    this.#removeVersions.run(arn);
    this.#remove.run(arn);
  }

  /** All managed policies of an account in the order of their names. */
  list({ account }: Scope): ManagedPolicy[] {
    return this.#list
      .all(account)
      .map(policyOf)
      .filter((policy) => policy !== undefined);
  }

  version(arn: string, version: number): PolicyVersion | undefined {
    return versionOf(this.#version.get(arn, version));
  }

  /** All versions of a policy, the newest first. */
  versions(arn: string): PolicyVersion[] {
    return this.#versions
      .all(arn)
      .map(versionOf)
      .filter((version) => version !== undefined);
  }

  addVersion(arn: string, { version, document, createdAt }: PolicyVersion): void {
    this.#insertVersion.run(arn, version, document, createdAt);
  }

  removeVersion(arn: string, version: number): void {
    this.#removeVersion.run(arn, version);
  }

  attach({ id }: Entity, arn: string): void {
    this.#attach.run(id, arn);
  }

  /** Answers whether it was attached. */
  detach({ id }: Entity, arn: string): boolean {
    return this.#detach.run(id, arn).changes > 0;
  }

  /** The ARNs of the managed policies that are attached to an entity. */
  attachedTo({ id }: Pick<Entity, 'id'>): string[] {
    return (this.#attached.all(id) as unknown as readonly (readonly [string])[]).map(([arn]) => arn); // prepared to give arrays
  }

  /** Who has a policy attached. */
  holders(arn: string): Entity[] {
    return this.#holders
      .all(arn)
      .map(entityOf)
      .filter((entity) => entity !== undefined);
  }

  /** To how many a policy is attached. */
  attachments(arn: string): number {
    return (this.#count.get(arn) as unknown as readonly [number])[0]; // prepared to give arrays
  }

  /** Whose permissions a policy bounds. */
  bounded(arn: string): Entity[] {
    return this.#bounded
      .all(arn)
      .map(entityOf)
      .filter((entity) => entity !== undefined);
  }
}

function policyOf(row: unknown): ManagedPolicy | undefined {
  if (row === undefined) return undefined;
  const columns = row as Row; // the columns are text, integers and null
  return {
    arn: String(columns['arn']),
    id: String(columns['id']),
    account: String(columns['account']),
    name: String(columns['name']),
    path: String(columns['path']),
    description: columns['description'] === null ? undefined : String(columns['description']),
    createdAt: Number(columns['created_at']),
    updatedAt: Number(columns['updated_at']),
    defaultVersion: Number(columns['default_version']),
    lastVersion: Number(columns['last_version']),
  };
}

function versionOf(row: unknown): PolicyVersion | undefined {
  if (row === undefined) return undefined;
  const columns = row as Row; // the columns are text and integers
  return {
    version: Number(columns['version']),
    document: String(columns['document']),
    createdAt: Number(columns['created_at']),
  };
}

/** What a list of entities keeps of a kind. */
export const ofKind = (entities: readonly Entity[], kind: EntityKind): Entity[] =>
  entities.filter((entity) => entity.kind === kind);
