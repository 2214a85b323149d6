import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../kernel/names.ts';
import type { Store } from '../kernel/store.ts';

/** A stack's status: CloudFormation's own words. */
export type StackStatus =
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_ROLLBACK_COMPLETE'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_COMPLETE';

/** A deployed stack. */
export interface Stack {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly status: StackStatus;
  readonly description: string | undefined;
  /** As it was given, JSON. */
  readonly template: string;
  /** What was given, not defaults. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: readonly StackOutput[];
  readonly tags: Readonly<Record<string, string>>;
  /** ms since 1970 */
  readonly createdAt: number;
  readonly updatedAt: number | undefined;
}

export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description: string | undefined;
  readonly exportName: string | undefined;
}

/** A resource that stands. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Resolved, as it was made or last changed. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** The logical ids that it needs: the order of deleting. */
  readonly needs: readonly string[];
  readonly deletionPolicy: string;
  /** Of what its properties name on this disk. See `ResourceType.fingerprint`. */
  readonly fingerprint: string | undefined;
  /** Where it stands in the app: `Shop/Orders/Resource`, when the CDK says so. */
  readonly path: string | undefined;
  /** ms since 1970 */
  readonly updatedAt: number;
}

/** Something that happened to a stack or one of its resources. */
export interface StackEvent {
  readonly id: string;
  readonly at: number;
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly status: string;
  readonly reason: string | undefined;
}

type Row = Record<string, unknown>;

/** What is deployed: all SQL of the deploy engine. */
export class StackStore {
  readonly #find: StatementSync;
  readonly #findById: StatementSync;
  readonly #list: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #resources: StatementSync;
  readonly #putResource: StatementSync;
  readonly #removeResource: StatementSync;
  readonly #addEvent: StatementSync;
  readonly #events: StatementSync;

  constructor(store: Store) {
    store.define(`
      create table if not exists stack(id text primary key, name text not null, account text not null, region text not null, status text not null,
        description text, template text not null, parameters text not null, outputs text not null, tags text not null,
        created_at integer not null, updated_at integer) without rowid;
      create unique index if not exists stack_name on stack(account, region, name) where status <> 'DELETE_COMPLETE';
      create table if not exists stack_resource(stack text, logical_id text, type text not null, physical_id text not null, attributes text not null,
        properties text not null, needs text not null, deletion_policy text not null, path text, fingerprint text, updated_at integer not null,
        primary key(stack, logical_id)) without rowid;
      create table if not exists stack_event(number integer primary key, stack text not null, id text not null, at integer not null,
        logical_id text not null, type text not null, physical_id text not null, status text not null, reason text);
      create index if not exists stack_event_stack on stack_event(stack, number)`);
    this.#find = store.prepare(
      `select * from stack where account = ? and region = ? and name = ? and status <> 'DELETE_COMPLETE'`,
    );
    this.#findById = store.prepare('select * from stack where id = ?');
    this.#list = store.prepare('select * from stack order by created_at, name');
    this.#put =
      store.prepare(`insert into stack values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict(id) do update set status = excluded.status,
      description = excluded.description, template = excluded.template, parameters = excluded.parameters, outputs = excluded.outputs,
      tags = excluded.tags, updated_at = excluded.updated_at`);
    this.#remove = store.prepare('delete from stack where id = ?');
    this.#resources = store.prepare('select * from stack_resource where stack = ? order by logical_id');
    this.#putResource = store.prepare('insert or replace into stack_resource values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#removeResource = store.prepare('delete from stack_resource where stack = ? and logical_id = ?');
    this.#addEvent = store.prepare('insert into stack_event values (null, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#events = store.prepare('select * from stack_event where stack = ? order by number desc');
  }

  /** The stack of that name, unless it was deleted. */
  find({ account, region }: Scope, name: string): Stack | undefined {
    return stackOf(this.#find.get(account, region, name));
  }

  /** Also one that was deleted. */
  findById(id: string): Stack | undefined {
    return stackOf(this.#findById.get(id));
  }

  /** All stacks of all accounts and regions, also deleted ones, oldest first. */
  list(): Stack[] {
    return this.#list.all().flatMap((row) => stackOf(row) ?? []);
  }

  put(stack: Stack): void {
    const {
      id,
      name,
      account,
      region,
      status,
      description,
      template,
      parameters,
      outputs,
      tags,
      createdAt,
      updatedAt,
    } = stack;
    this.#put.run(
      id,
      name,
      account,
      region,
      status,
      description ?? null,
      template,
      JSON.stringify(parameters),
      JSON.stringify(outputs),
      JSON.stringify(tags),
      createdAt,
      updatedAt ?? null,
    );
  }

  /** Forgets a stack whose creation failed. */
  remove(stackId: string): void {
    this.#remove.run(stackId);
  }

  resources(stackId: string): StackResource[] {
    return this.#resources.all(stackId).map(resourceOf);
  }

  putResource(stackId: string, resource: StackResource): void {
    const { logicalId, type, physicalId, attributes, properties, needs, deletionPolicy, path, fingerprint, updatedAt } =
      resource;
    this.#putResource.run(
      stackId,
      logicalId,
      type,
      physicalId,
      JSON.stringify(attributes),
      JSON.stringify(properties),
      JSON.stringify(needs),
      deletionPolicy,
      path ?? null,
      fingerprint ?? null,
      updatedAt,
    );
  }

  removeResource(stackId: string, logicalId: string): void {
    this.#removeResource.run(stackId, logicalId);
  }

  addEvent(stackId: string, { id, at, logicalId, type, physicalId, status, reason }: StackEvent): void {
    this.#addEvent.run(stackId, id, at, logicalId, type, physicalId, status, reason ?? null);
  }

  /** Newest first. */
  events(stackId: string): StackEvent[] {
    return this.#events.all(stackId).map((row) => ({
      id: String(row['id']),
      at: Number(row['at']),
      logicalId: String(row['logical_id']),
      type: String(row['type']),
      physicalId: String(row['physical_id']),
      status: String(row['status']),
      reason: optional(row['reason']),
    }));
  }

  /** Who exports a name in an account and region. */
  exporter({ account, region }: Scope, name: string): { readonly stack: Stack; readonly value: string } | undefined {
    for (const stack of this.list()) {
      if (stack.account !== account || stack.region !== region || stack.status === 'DELETE_COMPLETE') continue;
      const output = stack.outputs.find(({ exportName }) => exportName === name);
      if (output !== undefined) return { stack, value: output.value };
    }
    return undefined;
  }
}

const optional = (value: unknown): string | undefined =>
  value === null || value === undefined ? undefined : String(value);

function stackOf(row: Row | undefined): Stack | undefined {
  if (row === undefined) return undefined;
  return {
    id: String(row['id']),
    name: String(row['name']),
    account: String(row['account']),
    region: String(row['region']),
    status: row['status'] as StackStatus, // only put() writes it
    description: optional(row['description']),
    template: String(row['template']),
    parameters: JSON.parse(String(row['parameters'])),
    outputs: JSON.parse(String(row['outputs'])),
    tags: JSON.parse(String(row['tags'])),
    createdAt: Number(row['created_at']),
    updatedAt: row['updated_at'] === null ? undefined : Number(row['updated_at']),
  };
}

const resourceOf = (row: Row): StackResource => ({
  logicalId: String(row['logical_id']),
  type: String(row['type']),
  physicalId: String(row['physical_id']),
  attributes: JSON.parse(String(row['attributes'])),
  properties: JSON.parse(String(row['properties'])),
  needs: JSON.parse(String(row['needs'])),
  deletionPolicy: String(row['deletion_policy']),
  path: optional(row['path']),
  fingerprint: optional(row['fingerprint']),
  updatedAt: Number(row['updated_at']),
});

/** The names that a stack imports, as far as they are written out. */
export function importsOf({ template }: Stack): Set<string> {
  return new Set([...template.matchAll(/"Fn::ImportValue":\s*"([^"]+)"/g)].map(([, name]) => name ?? ''));
}
