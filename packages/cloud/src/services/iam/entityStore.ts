import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../kernel/names.ts';
import type { Store } from '../../kernel/store.ts';
import type { Entity, EntityKind } from './entity.ts';
import { entityNotFound } from './errors.ts';

type Row = Readonly<Record<string, string | number | null>>;

const COLUMNS = 'id, kind, account, name, path, created_at, trust_policy, description, max_session_seconds, boundary';
/** {@link COLUMNS} of an `iam_entity e` in a join. */
const JOINED = COLUMNS.split(', ')
  .map((column) => `e.${column}`)
  .join(', ');

/** All SQL about roles, users, groups and instance profiles, and who is in which. */
export class EntityStore {
  readonly #find: StatementSync;
  readonly #byId: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #remove: StatementSync;
  readonly #list: StatementSync;
  readonly #join: StatementSync;
  readonly #leave: StatementSync;
  readonly #children: StatementSync;
  readonly #parents: StatementSync;

  constructor(store: Store) {
    this.#find = store.prepare(`select ${COLUMNS} from iam_entity where account = ? and kind = ? and name = ?`);
    this.#byId = store.prepare(`select ${COLUMNS} from iam_entity where id = ?`);
    this.#insert = store.prepare('insert into iam_entity values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#update = store.prepare(`update iam_entity set name = ?, path = ?, trust_policy = ?, description = ?,
      max_session_seconds = ?, boundary = ? where id = ?`);
    this.#remove = store.prepare('delete from iam_entity where id = ?');
    this.#list = store.prepare(
      `select ${COLUMNS} from iam_entity where account = ? and kind = ? and name > ? order by name`,
    );
    this.#join = store.prepare('insert or ignore into iam_member values (?, ?)');
    this.#leave = store.prepare('delete from iam_member where parent_id = ? and child_id = ?');
    this.#children = store.prepare(`select ${JOINED} from iam_member m join iam_entity e on e.id = m.child_id
      where m.parent_id = ? order by e.name`);
    this.#parents = store.prepare(`select ${JOINED} from iam_member m join iam_entity e on e.id = m.parent_id
      where m.child_id = ? and e.kind = ? order by e.name`);
  }

  find({ account }: Pick<Scope, 'account'>, kind: EntityKind, name: string): Entity | undefined {
    return entityOf(this.#find.get(account, kind, name));
  }

  byId(id: string): Entity | undefined {
    return entityOf(this.#byId.get(id));
  }

  /** @throws NoSuchEntity */
  get(scope: Pick<Scope, 'account'>, kind: EntityKind, name: string): Entity {
    const entity = this.find(scope, kind, name);
    if (entity === undefined) throw entityNotFound(kind, name);
    return entity;
  }

  insert(entity: Entity): void {
    this.#insert.run(
      entity.id,
      entity.kind,
      entity.account,
      entity.name,
      entity.path,
      entity.createdAt,
      entity.trustPolicy ?? null,
      entity.description ?? null,
      entity.maxSessionSeconds ?? null,
      entity.boundary ?? null,
    );
  }

  /** Writes what may change of an entity. */
  update(entity: Entity): void {
    this.#update.run(
      entity.name,
      entity.path,
      entity.trustPolicy ?? null,
      entity.description ?? null,
      entity.maxSessionSeconds ?? null,
      entity.boundary ?? null,
      entity.id,
    );
  }

  remove({ id }: Entity): void {
    this.#remove.run(id);
  }

  /** The entities of a kind in the order of their names, behind `after`. */
  *list({ account }: Scope, kind: EntityKind, after: string): Generator<Entity> {
    for (const row of this.#list.iterate(account, kind, after)) {
      const entity = entityOf(row);
      if (entity !== undefined) yield entity;
    }
  }

  /** Puts a user into a group, or a role into an instance profile. */
  join(parent: Entity, child: Entity): void {
    this.#join.run(parent.id, child.id);
  }

  /** Takes it out, and answers whether it was in. */
  leave(parent: Entity, child: Entity): boolean {
    return this.#leave.run(parent.id, child.id).changes > 0;
  }

  childrenOf({ id }: Entity): Entity[] {
    return entitiesOf(this.#children.all(id));
  }

  /** The groups of a user, or the instance profiles of a role. */
  parentsOf({ id }: Pick<Entity, 'id'>, kind: EntityKind): Entity[] {
    return entitiesOf(this.#parents.all(id, kind));
  }
}

const entitiesOf = (rows: readonly unknown[]): Entity[] => rows.map(entityOf).filter((entity) => entity !== undefined);

/** An entity from a row with its columns. */
export function entityOf(row: unknown): Entity | undefined {
  if (row === undefined) return undefined;
  const columns = row as Row; // the columns are text, integers and null
  const text = (column: string): string | undefined => {
    const value = columns[column];
    return value === null || value === undefined ? undefined : String(value);
  };
  const seconds = columns['max_session_seconds'];
  return {
    id: String(columns['id']),
    kind: columns['kind'] as EntityKind, // written from a value of that type
    account: String(columns['account']),
    name: String(columns['name']),
    path: String(columns['path']),
    createdAt: Number(columns['created_at']),
    trustPolicy: text('trust_policy'),
    description: text('description'),
    maxSessionSeconds: seconds === null || seconds === undefined ? undefined : Number(seconds),
    boundary: text('boundary'),
  };
}
