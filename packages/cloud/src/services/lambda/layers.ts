import { arn, parseArn, type Scope } from '../../kernel/names.ts';
import { invalidParameter } from './errors.ts';
import type { LayerStore, LayerVersion } from './stores/layerStore.ts';

/** `arn:aws:lambda:<region>:<account>:layer:<name>` */
export const layerArn = (scope: Scope, name: string): string => arn('lambda', scope, `layer:${name}`);

/** A layer version as its ARN names it. */
export interface LayerReference extends Scope {
  readonly name: string;
  readonly version: number;
}

/** The parts of a layer version's ARN, or undefined when it is none. */
export function parseLayerArn(text: string): LayerReference | undefined {
  const parsed = parseArn(text);
  const [kind, name, version] = parsed?.resource.split(':') ?? [];
  if (parsed === undefined || kind !== 'layer' || name === undefined || version === undefined) return undefined;
  return { account: parsed.account, region: parsed.region, name, version: Number(version) };
}

/** Layer versions as functions refer to them. */
export class Layers {
  readonly #store: LayerStore;

  constructor(store: LayerStore) {
    this.#store = store;
  }

  find(layerVersionArn: string): LayerVersion | undefined {
    return this.#find(layerVersionArn, false);
  }

  /** The folder that a layer version is unpacked in, also of a deleted one. */
  readonly folder = (layerVersionArn: string): string | undefined => this.#find(layerVersionArn, true)?.code.folder;

  /** Bytes of a layer version's package. */
  readonly size = (layerVersionArn: string): number | undefined => this.#find(layerVersionArn, true)?.code.size;

  /** Whether functions of a scope can have these layers. @throws InvalidParameterValueException */
  check(layerVersionArns: readonly string[], scope: Scope): void {
    for (const layerVersionArn of layerVersionArns) {
      const reference = parseLayerArn(layerVersionArn);
      if (reference !== undefined && reference.region !== scope.region) {
        throw invalidParameter(
          `Layers are not in the same region as the function. Layers are expected to be in region ${scope.region}.`,
        );
      }
      if (this.find(layerVersionArn) === undefined)
        throw invalidParameter(`Layer version ${layerVersionArn} does not exist.`);
    }
  }

  #find(layerVersionArn: string, deleted: boolean): LayerVersion | undefined {
    const reference = parseLayerArn(layerVersionArn);
    return reference === undefined
      ? undefined
      : this.#store.find(reference, reference.name, reference.version, deleted);
  }
}
