import { arn } from '../kernel/names.ts';
import type { DeployEngine, Deployed, DeployedStack } from './engine.ts';
import type { Ignored } from './stackChange.ts';
import type { StackResource } from './stacks.ts';

/** A deployed app. */
export class App {
  readonly stacks: readonly DeployedStack[];
  /** What of the templates has no effect here. */
  readonly ignored: readonly Ignored[];
  /** Whether the deploy made, changed or deleted anything. */
  readonly changed: boolean;
  /** The outputs of all stacks by name; where two stacks have one of the same name, the later stack's. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly #engine: DeployEngine;

  constructor(deployed: Deployed, engine: DeployEngine) {
    this.stacks = deployed.stacks;
    this.ignored = deployed.ignored;
    this.changed = deployed.changed;
    this.outputs = Object.fromEntries(
      deployed.stacks.flatMap(({ stack }) => stack.outputs.map(({ key, value }) => [key, value])),
    );
    this.#engine = engine;
  }

  /**
   * The ARN of a resource, or its physical id when it has none.
   *
   * @param name - its logical id, or in a CDK app its construct's id or path (`Orders`, `Shop/Orders`); of several, the one nearest to the stack
   * @throws {RangeError} when no resource has the name, or several that are equally near
   */
  resource(name: string): string {
    const { attributes, physicalId, type } = this.find(name);
    if (type === 'AWS::ApiGatewayV2::Api') return this.#apiArn(physicalId);
    for (const attribute of ['Arn', 'TopicArn', 'FunctionArn', 'StreamArn']) {
      const value = attributes[attribute];
      if (typeof value === 'string' && value.startsWith('arn:')) return value;
    }
    return physicalId;
  }

  /** An API has no ARN of its own in CloudFormation: this is what permissions to call it begin with. */
  #apiArn(id: string): string {
    const owner = this.stacks.find(({ resources }) => resources.some(({ physicalId }) => physicalId === id));
    return arn('execute-api', owner?.stack ?? { account: '', region: '' }, id);
  }

  /** The resource of that name. See {@link resource}. */
  find(name: string): StackResource {
    const all = this.stacks.flatMap(({ resources }) => resources);
    const exact = all.filter(({ logicalId }) => logicalId === name);
    const found = exact.length > 0 ? exact : nearest(all.filter((resource) => isAt(resource, name)));
    const [only] = found;
    if (only !== undefined && found.length === 1) return only;
    if (found.length > 1) {
      throw new RangeError(
        `'${name}' names ${found.length} resources: ${found.map(({ path, logicalId }) => path ?? logicalId).join(', ')}`,
      );
    }
    throw new RangeError(
      `no resource is called '${name}'; there are ${all.map(({ path, logicalId }) => path ?? logicalId).join(', ')}`,
    );
  }

  /** Deletes all stacks of the app, the last first. */
  async delete(): Promise<void> {
    for (const { stack } of this.stacks.toReversed()) await this.#engine.delete(stack.id);
  }
}

/**
 * Whether a resource is that of a construct: `Shop/Orders/Table/Resource` is at `Orders/Table`. An app that runs inside a test says no paths; its logical
 * ids are made of them: `OrdersTable1F8332C7`.
 */
function isAt({ path, logicalId }: StackResource, name: string): boolean {
  if (path !== undefined) return `/${path.replace(/\/(Resource|Default)$/, '')}`.endsWith(`/${name}`);
  return logicalId.replace(/[0-9A-F]{8}$/, '') === name.replace(/[^A-Za-z0-9]/g, '');
}

/** Those whose CDK paths are the shortest. */
function nearest(resources: readonly StackResource[]): readonly StackResource[] {
  const depth = ({ path = '' }: StackResource): number => path.split('/').length;
  const least = Math.min(...resources.map(depth));
  return resources.filter((resource) => depth(resource) === least);
}
