import { isDeepStrictEqual } from 'node:util';
import type { AnyResourceType, Deployment, Resource } from '../kernel/resourceType.ts';
import type { Aws, Context } from '../kernel/service.ts';
import type { StackSource } from './assembly.ts';
import { type DynamicValues, resolveDynamic } from './dynamicReferences.ts';
import { DeployError } from './errors.ts';
import { dependencyGraph, inOrder, reversed } from './graph.ts';
import { evaluateConditions, resolve, type Scope } from './intrinsics.ts';
import type { ParameterValue } from './parameters.ts';
import { withScalars } from './scalars.ts';
import type { StackOutput, StackResource, StackStore } from './stacks.ts';
import type { ResourceDeclaration } from './template.ts';

/** Something of a template that has no effect here, and that the user should know of. */
export interface Ignored {
  readonly stack: string;
  /** `Resources.Orders.Properties.ContributorInsightsSpecification` */
  readonly path: string;
  readonly reason: string;
}

/** A step of a deploy: CloudFormation's own status words. */
export interface Progress {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
}

/** What a change of a stack may use. */
export interface ChangeTools {
  readonly stacks: StackStore;
  /** Changes an AWS address of an endpoint that lives here into its local address. */
  readonly localize: (text: string) => string;
  readonly exported: (name: string) => string | undefined;
  /** @throws {DeployError} when another stack exports one of the names */
  readonly checkExports: (names: readonly string[]) => void;
  readonly dynamicValues: DynamicValues;
  readonly newName: (key: string, length: number) => string;
  readonly now: () => number;
  readonly newEventId: () => string;
  readonly onProgress: (progress: Progress) => void;
  readonly notice: (ignored: Ignored) => void;
  /** The deployer's call for one resource; disposed of when the resource is done. */
  readonly begin: (logicalId: string) => { readonly context: Context; readonly aws: Aws } & Disposable;
}

export interface Change {
  readonly source: StackSource;
  readonly stackId: string;
  readonly account: string;
  readonly region: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly tags: Readonly<Record<string, string>>;
  /** The resource types of the template and of what stands, by name. */
  readonly types: ReadonlyMap<string, AnyResourceType>;
}

export interface ChangeResult {
  readonly changed: boolean;
  readonly outputs: readonly StackOutput[];
}

/**
 * Brings one stack from what stands to what a template says: makes, changes, replaces and deletes only what differs, in the order in which
 * resources need each other. When anything fails, what was done is undone.
 */
export class StackChange {
  readonly #tools: ChangeTools;
  readonly #change: Change;
  readonly #scope: Scope;
  readonly #previous: ReadonlyMap<string, StackResource>;
  readonly #standing: Map<string, StackResource>;
  readonly #undo: (() => Promise<void>)[] = [];
  readonly #cleanUp: (() => Promise<void>)[] = [];
  #changed = false;

  constructor(change: Change, tools: ChangeTools) {
    this.#change = change;
    this.#tools = tools;
    this.#previous = new Map(tools.stacks.resources(change.stackId).map((resource) => [resource.logicalId, resource]));
    this.#standing = new Map(this.#previous);
    const { template, name } = change.source;
    const base: Omit<Scope, 'conditions'> = {
      template,
      account: change.account,
      region: change.region,
      stackName: name,
      stackId: change.stackId,
      notificationArns: [],
      parameters: change.parameters,
      physicalId: (logicalId) => this.#standing.get(logicalId)?.physicalId,
      attribute: (logicalId, attribute) => this.#attribute(logicalId, attribute),
      exported: tools.exported,
    };
    this.#scope = { ...base, conditions: evaluateConditions(base) };
  }

  /** @throws {DeployError} when anything failed; what stood before stands again */
  async run(): Promise<ChangeResult> {
    const declared = this.#change.source.template.Resources;
    const active = Object.fromEntries(Object.entries(declared).filter(([, { Condition }]) => this.#holds(Condition)));
    const graph = dependencyGraph(active, declared);
    const errors = await inOrder(graph, (logicalId) =>
      this.#bring(logicalId, declared[logicalId], graph.get(logicalId) ?? new Set()),
    );
    if (errors.length > 0) {
      const problems = [
        ...errors.map(({ name, error }) => `${name} (${declared[name]?.Type}): ${messageOf(error)}`),
        ...(await this.#rollBack()),
      ];
      throw new DeployError(
        `stack ${this.#change.source.name} could not be deployed; what stood before stands again:`,
        problems,
        {
          cause: errors[0]?.error,
        },
      );
    }
    let outputs: StackOutput[];
    try {
      outputs = this.#outputs();
      this.#tools.checkExports(outputs.flatMap(({ exportName }) => exportName ?? []));
    } catch (error) {
      const problems = await this.#rollBack();
      throw new DeployError(`stack ${this.#change.source.name} could not be deployed: ${messageOf(error)}`, problems, {
        cause: error,
      });
    }
    await this.#deleteWhatIsGone(active);
    return { changed: this.#changed, outputs };
  }

  #holds(condition: string | undefined): boolean {
    if (condition === undefined) return true;
    const value = this.#scope.conditions[condition];
    if (value === undefined) throw new DeployError(`there is no condition '${condition}' in the template`);
    return value;
  }

  async #bring(
    logicalId: string,
    declaration: ResourceDeclaration | undefined,
    needs: ReadonlySet<string>,
  ): Promise<void> {
    const type = declaration === undefined ? undefined : this.#change.types.get(declaration.Type);
    if (declaration === undefined || type === undefined)
      throw new DeployError(`${logicalId} has a type that is not supported`);
    using call = this.#tools.begin(logicalId);
    const deployment = this.#deployment(logicalId, call);
    const properties = await this.#propertiesOf(declaration, type);
    const fingerprint = type.fingerprint?.(properties, deployment);
    const previous = this.#previous.get(logicalId);
    const record = (resource: Resource): StackResource => ({
      ...resource,
      logicalId,
      type: declaration.Type,
      properties,
      needs: [...needs],
      deletionPolicy: declaration.DeletionPolicy ?? 'Delete',
      path: pathOf(declaration),
      fingerprint,
      updatedAt: this.#tools.now(),
    });
    if (previous === undefined || previous.type !== declaration.Type) {
      await this.#create(record, previous, properties, type, deployment, declaration);
    } else if (isDeepStrictEqual(previous.properties, properties) && previous.fingerprint === fingerprint) {
      this.#keep({ ...record(previous), updatedAt: previous.updatedAt });
    } else {
      await this.#update(record, previous, properties, type, deployment, declaration);
    }
  }

  async #create(
    record: (resource: Resource) => StackResource,
    previous: StackResource | undefined,
    properties: Record<string, unknown>,
    type: AnyResourceType,
    deployment: Deployment,
    declaration: ResourceDeclaration,
  ): Promise<void> {
    const { logicalId } = deployment;
    this.#report(logicalId, declaration.Type, '', 'CREATE_IN_PROGRESS');
    const resource = record(
      await this.#attempt(logicalId, declaration.Type, 'CREATE', () => type.create(properties, deployment)),
    );
    this.#undo.push(async () => {
      await this.#during(logicalId, (undoing) => type.delete(resource, properties, undoing));
      if (previous === undefined) this.#forget(logicalId);
      else this.#keep(previous);
    });
    if (previous !== undefined && declaration.UpdateReplacePolicy !== 'Retain')
      this.#cleanUp.push(() => this.#delete(previous));
    this.#keep(resource);
    this.#report(logicalId, declaration.Type, resource.physicalId, 'CREATE_COMPLETE');
  }

  async #update(
    record: (resource: Resource) => StackResource,
    previous: StackResource,
    properties: Record<string, unknown>,
    type: AnyResourceType,
    deployment: Deployment,
    declaration: ResourceDeclaration,
  ): Promise<void> {
    const { logicalId } = deployment;
    this.#report(logicalId, declaration.Type, previous.physicalId, 'UPDATE_IN_PROGRESS');
    const result = await this.#attempt(logicalId, declaration.Type, 'UPDATE', () =>
      type.update(previous, properties, previous.properties, deployment),
    );
    if (result === 'replace') return this.#create(record, previous, properties, type, deployment, declaration);
    const resource = record(result);
    this.#undo.push(async () => {
      await this.#during(logicalId, (undoing) => type.update(resource, previous.properties, properties, undoing));
      this.#keep(previous);
    });
    if (resource.physicalId !== previous.physicalId) this.#cleanUp.push(() => this.#delete(previous));
    this.#keep(resource);
    this.#report(logicalId, declaration.Type, resource.physicalId, 'UPDATE_COMPLETE');
  }

  async #attempt<T>(
    logicalId: string,
    type: string,
    what: 'CREATE' | 'UPDATE',
    work: () => Promise<T> | T,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#report(logicalId, type, '', `${what}_FAILED`, messageOf(error));
      throw error;
    }
  }

  /** Undoes in reverse order what was done. @returns what could not be undone, a line each */
  async #rollBack(): Promise<string[]> {
    const problems: string[] = [];
    for (const undo of this.#undo.reverse()) {
      try {
        await undo();
      } catch (error) {
        problems.push(`while undoing: ${messageOf(error)}`);
      }
    }
    return problems;
  }

  async #deleteWhatIsGone(active: Readonly<Record<string, ResourceDeclaration>>): Promise<void> {
    const gone = new Map([...this.#previous].filter(([logicalId]) => !Object.hasOwn(active, logicalId)));
    const order = reversed(
      new Map([...gone].map(([logicalId, { needs }]) => [logicalId, new Set(needs.filter((need) => gone.has(need)))])),
    );
    const errors = await inOrder(order, async (logicalId) => {
      const resource = gone.get(logicalId);
      if (resource === undefined) return;
      this.#changed = true;
      if (!isRetained(resource)) await this.#delete(resource);
      this.#forget(logicalId);
    });
    for (const { name, error } of errors)
      this.#noticeOf(`Resources.${name}`, `could not be deleted: ${messageOf(error)}`);
    for (const cleanUp of this.#cleanUp) {
      await cleanUp().catch((error: unknown) =>
        this.#noticeOf('Resources', `an old resource could not be deleted: ${messageOf(error)}`),
      );
    }
  }

  /** Deletes every resource of the stack. @throws {DeployError} with all that could not be deleted */
  async deleteAll(): Promise<void> {
    const order = reversed(new Map([...this.#previous].map(([logicalId, { needs }]) => [logicalId, new Set(needs)])));
    const errors = await inOrder(order, async (logicalId) => {
      const resource = this.#previous.get(logicalId);
      if (resource !== undefined && !isRetained(resource)) await this.#delete(resource);
      this.#forget(logicalId);
    });
    if (errors.length === 0) return;
    throw new DeployError(
      `stack ${this.#change.source.name} could not be deleted:`,
      errors.map(({ name, error }) => `${name}: ${messageOf(error)}`),
    );
  }

  async #delete(resource: StackResource): Promise<void> {
    const { logicalId, type, physicalId } = resource;
    const implementation = this.#change.types.get(type);
    if (implementation === undefined) throw new DeployError(`the type ${type} is not supported`);
    this.#report(logicalId, type, physicalId, 'DELETE_IN_PROGRESS');
    await this.#during(logicalId, (deployment) => implementation.delete(resource, resource.properties, deployment));
    this.#report(logicalId, type, physicalId, 'DELETE_COMPLETE');
  }

  async #during(logicalId: string, work: (deployment: Deployment) => unknown): Promise<void> {
    using call = this.#tools.begin(logicalId);
    await work(this.#deployment(logicalId, call));
  }

  #keep(resource: StackResource): void {
    const unchanged = isDeepStrictEqual(this.#standing.get(resource.logicalId), resource);
    this.#standing.set(resource.logicalId, resource);
    if (!unchanged) this.#tools.stacks.putResource(this.#change.stackId, resource);
  }

  #forget(logicalId: string): void {
    this.#standing.delete(logicalId);
    this.#tools.stacks.removeResource(this.#change.stackId, logicalId);
  }

  async #propertiesOf(
    { Properties = {} }: ResourceDeclaration,
    type: AnyResourceType,
  ): Promise<Record<string, unknown>> {
    const resolved = await resolveDynamic(resolve(Properties ?? {}, this.#scope), this.#tools.dynamicValues);
    return withScalars(this.#localized(resolved) as Record<string, unknown>, type.scalars); // a mapping resolves to a mapping
  }

  #localized(value: unknown): unknown {
    if (typeof value === 'string') return this.#tools.localize(value);
    if (Array.isArray(value)) return value.map((item) => this.#localized(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#localized(item)]));
  }

  #attribute(logicalId: string, attribute: string): unknown {
    const resource = this.#standing.get(logicalId);
    if (resource === undefined)
      throw new DeployError(`Fn::GetAtt names '${logicalId}', which is no resource of the template`);
    const { attributes } = resource;
    if (Object.hasOwn(attributes, attribute)) return attributes[attribute];
    // Attributes of structures are named with dots: `Endpoint.Address`.
    let value: unknown = attributes;
    for (const part of attribute.split('.'))
      value = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
    if (value !== undefined) return value;
    const known = Object.keys(attributes);
    throw new DeployError(
      `${resource.type} has no attribute ${attribute} here${known.length === 0 ? '' : ` (it has ${known.join(', ')})`}`,
    );
  }

  #outputs(): StackOutput[] {
    const { Outputs } = this.#change.source.template;
    return Object.entries(Outputs).flatMap(([key, { Value, Description, Condition, Export }]) => {
      if (!this.#holds(Condition)) return [];
      const value = resolve(Value, this.#scope);
      const text = Array.isArray(value) ? value.join(',') : String(value ?? '');
      const exportName = Export === undefined ? undefined : String(resolve(Export.Name, this.#scope));
      return [{ key, value: this.#tools.localize(text), description: Description, exportName }];
    });
  }

  #deployment(logicalId: string, { context, aws }: { readonly context: Context; readonly aws: Aws }): Deployment {
    const { source, stackId, account, region, tags } = this.#change;
    let suffix: string | undefined;
    return {
      stackName: source.name,
      stackId,
      logicalId,
      account,
      region,
      tags: {
        ...tags,
        'aws:cloudformation:stack-name': source.name,
        'aws:cloudformation:stack-id': stackId,
        'aws:cloudformation:logical-id': logicalId,
      },
      context,
      aws,
      folder: source.folder,
      physicalName: (maxLength) => {
        suffix ??= this.#tools.newName(`${stackId}/${logicalId}`, 12);
        return physicalName(source.name, logicalId, suffix, maxLength);
      },
      assetPath: (_bucket, key) => source.assets.get(key),
      notice: (text) => this.#noticeOf(`Resources.${logicalId}`, text),
    };
  }

  #noticeOf(path: string, reason: string): void {
    this.#tools.notice({ stack: this.#change.source.name, path, reason });
  }

  #report(logicalId: string, type: string, physicalId: string, status: string, reason?: string): void {
    const { stacks, now, newEventId, onProgress } = this.#tools;
    this.#changed = true;
    stacks.addEvent(this.#change.stackId, { id: newEventId(), at: now(), logicalId, type, physicalId, status, reason });
    onProgress({ stack: this.#change.source.name, logicalId, type, status, reason });
  }
}

const isRetained = ({ deletionPolicy }: StackResource): boolean =>
  deletionPolicy === 'Retain' || deletionPolicy === 'RetainExceptOnCreate';

/** `<stack>-<logical id>-<suffix>`, stack and logical id cut evenly to fit. */
export function physicalName(stackName: string, logicalId: string, suffix: string, maxLength: number): string {
  const room = maxLength - suffix.length - 2;
  const idLength = Math.min(logicalId.length, Math.max(room - stackName.length, Math.ceil(room / 2)));
  return `${stackName.slice(0, room - idLength)}-${logicalId.slice(0, idLength)}-${suffix}`;
}

function pathOf({ Metadata }: ResourceDeclaration): string | undefined {
  const path = Metadata?.['aws:cdk:path'];
  return typeof path === 'string' ? path : undefined;
}

/** What an error says, without its stack. */
export const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const named = '$fault' in error && error.name !== 'Error' ? `${error.name}: ` : '';
  return `${named}${error.message}`;
};
