import { pathToFileURL } from 'node:url';
import type { GetLayerVersionResponse, LayerVersionContentInput, LayerVersionsListItem } from '@aws-sdk/client-lambda';
import type { Scope } from '../../../kernel/names.ts';
import type { CodeStore } from '../code/codeStore.ts';
import { Constraints, pattern } from '../constraints.ts';
import { invalidParameter, resourceNotFound } from '../errors.ts';
import { type Code, lastModified } from '../functionVersion.ts';
import { layerArn, parseLayerArn } from '../layers.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';
import { pageOf } from '../paging.ts';
import { LAYER_RUNTIMES } from '../runtimes.ts';
import type { LayerVersion } from '../stores/layerStore.ts';

const NAME = pattern('(arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+');
const ARCHITECTURES = ['x86_64', 'arm64'];
const VERSION_ARN = pattern(
  '(arn:(aws[a-zA-Z-]*)?:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+)|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+)',
);

export const publishLayerVersion =
  ({ stores, code, scheduler }: LambdaDependencies): LambdaOperations['PublishLayerVersion'] =>
  (input, context) => {
    const { LayerName, Content, Description = '', CompatibleRuntimes = [], CompatibleArchitectures = [] } = input;
    new Constraints()
      .present(LayerName, 'layerName')
      .pattern(LayerName, 'layerName', NAME)
      .length(LayerName, 'layerName', 140, 1)
      .present(Content, 'content')
      .length(Description, 'description', 256)
      .length(input.LicenseInfo, 'licenseInfo', 512)
      .check(
        CompatibleRuntimes.every((runtime) => LAYER_RUNTIMES.includes(runtime)),
        CompatibleRuntimes,
        'compatibleRuntimes',
        `Member must satisfy enum value set: [${LAYER_RUNTIMES.join(', ')}]`,
      )
      .check(
        CompatibleArchitectures.every((architecture) => ARCHITECTURES.includes(architecture)),
        CompatibleArchitectures,
        'compatibleArchitectures',
        'Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]',
      )
      .hold();
    const layer = stores.layers.publish(context, {
      name: nameOf(LayerName),
      description: Description,
      license: input.LicenseInfo,
      runtimes: CompatibleRuntimes,
      architectures: CompatibleArchitectures,
      code: contentOf(Content ?? {}, code),
      createdAt: scheduler.now,
    });
    return describe(context, layer);
  };

export const getLayerVersion =
  ({ stores }: LambdaDependencies): LambdaOperations['GetLayerVersion'] =>
  ({ LayerName, VersionNumber = 0 }, context) => {
    checkNumber(VersionNumber);
    return described(context, stores.layers.find(context, nameOf(LayerName), VersionNumber));
  };

export const getLayerVersionByArn =
  ({ layers }: LambdaDependencies): LambdaOperations['GetLayerVersionByArn'] =>
  ({ Arn = '' }, context) => {
    new Constraints().pattern(Arn, 'arn', VERSION_ARN).hold();
    return described(parseLayerArn(Arn) ?? context, layers.find(Arn));
  };

export const deleteLayerVersion =
  ({ stores }: LambdaDependencies): LambdaOperations['DeleteLayerVersion'] =>
  ({ LayerName, VersionNumber = 0 }, context) => {
    checkNumber(VersionNumber);
    // Functions that have it keep it.
    stores.layers.delete(context, nameOf(LayerName), VersionNumber);
    return {};
  };

export const listLayerVersions =
  ({ stores }: LambdaDependencies): LambdaOperations['ListLayerVersions'] =>
  ({ LayerName, CompatibleRuntime, CompatibleArchitecture, ...paging }, context) => {
    checkFilter(CompatibleRuntime, CompatibleArchitecture);
    const { items, marker } = pageOf(
      paging,
      (after, limit) =>
        stores.layers.versions(context, nameOf(LayerName), after === undefined ? undefined : Number(after), limit),
      ({ version }) => String(version),
    );
    const wanted = items.filter((layer) => fits(layer, CompatibleRuntime, CompatibleArchitecture));
    return { LayerVersions: wanted.map((layer) => listed(context, layer)), NextMarker: marker };
  };

export const listLayers =
  ({ stores }: LambdaDependencies): LambdaOperations['ListLayers'] =>
  ({ CompatibleRuntime, CompatibleArchitecture, ...paging }, context) => {
    checkFilter(CompatibleRuntime, CompatibleArchitecture);
    const { items, marker } = pageOf(
      paging,
      (after = '', limit) => stores.layers.names(context, after, limit),
      (name) => name,
    );
    const Layers = items.flatMap((name) => {
      const latest = stores.layers
        .versions(context, name)
        .find((layer) => fits(layer, CompatibleRuntime, CompatibleArchitecture));
      return latest === undefined
        ? []
        : [{ LayerName: name, LayerArn: layerArn(context, name), LatestMatchingVersion: listed(context, latest) }];
    });
    return { Layers, NextMarker: marker };
  };

/** A layer's name, of its name or ARN. */
const nameOf = (nameOrArn = ''): string => nameOrArn.split(':')[6] ?? nameOrArn;

function contentOf({ ZipFile, S3Bucket, S3Key }: LayerVersionContentInput, store: CodeStore): Code {
  if (ZipFile !== undefined) return store.fromZip(ZipFile);
  if (S3Bucket !== undefined) {
    throw invalidParameter(
      `Skein cannot read the layer s3://${S3Bucket}/${S3Key ?? ''}: it has no S3 yet. Give Content.ZipFile, or deploy a template whose layer is an asset`,
    );
  }
  throw invalidParameter('Please provide a source for layer content.');
}

function checkNumber(version: number): void {
  if (version < 1) throw invalidParameter('Layer Version Cannot be less than 1');
}

function checkFilter(runtime: string | undefined, architecture: string | undefined): void {
  new Constraints()
    .oneOf(runtime, 'compatibleRuntime', LAYER_RUNTIMES)
    .oneOf(architecture, 'compatibleArchitecture', ARCHITECTURES)
    .hold();
}

const fits = (
  { runtimes, architectures }: LayerVersion,
  runtime: string | undefined,
  architecture: string | undefined,
): boolean =>
  (runtime === undefined || runtimes.includes(runtime)) &&
  (architecture === undefined || architectures.includes(architecture));

function described(scope: Scope, layer: LayerVersion | undefined): GetLayerVersionResponse {
  if (layer === undefined) throw resourceNotFound('The resource you requested does not exist.');
  return describe(scope, layer);
}

function describe(scope: Scope, layer: LayerVersion): GetLayerVersionResponse {
  const { code } = layer;
  return {
    ...listed(scope, layer),
    LayerArn: layerArn(scope, layer.name),
    // AWS gives the address of a zip file; here the layer lies unpacked on this disk.
    Content: { Location: pathToFileURL(code.folder).href, CodeSha256: code.sha256, CodeSize: code.size },
  };
}

const listed = (scope: Scope, layer: LayerVersion): LayerVersionsListItem => ({
  LayerVersionArn: `${layerArn(scope, layer.name)}:${layer.version}`,
  Version: layer.version,
  Description: layer.description,
  CreatedDate: lastModified(layer.createdAt),
  CompatibleArchitectures: layer.architectures as LayerVersionsListItem['CompatibleArchitectures'], // checked when it was published
  CompatibleRuntimes: layer.runtimes as LayerVersionsListItem['CompatibleRuntimes'], // checked when it was published
  LicenseInfo: layer.license,
});
