import { join, resolve } from 'node:path';
import type { CreateFunctionRequest, LoggingConfig, RecursiveLoop, VpcConfig } from '@aws-sdk/client-lambda';
import type { Deployment, Resource, ResourceType } from '../../../kernel/resourceType.ts';
import { checkReserved } from '../concurrency.ts';
import { invalidParameter } from '../errors.ts';
import { functionArn } from '../functionReference.ts';
import { type Code, type Configuration, runRevision } from '../functionVersion.ts';
import type { LambdaDependencies } from '../operation.ts';
import { setRecursion } from '../operations/recursionConfig.ts';
import { hasEnded, isKnown, runsHere } from '../runtimes.ts';
import { firstConfiguration } from '../settings.ts';
import { type Tag, tagsOf } from '../tags.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
export interface FunctionProperties {
  /** A text is a path in the template's folder, as `aws cloudformation package` takes it. */
  readonly Code?:
    | string
    | {
        readonly ZipFile?: string;
        readonly S3Bucket?: string;
        readonly S3Key?: string;
        readonly S3ObjectVersion?: string;
        readonly ImageUri?: string;
      };
  readonly FunctionName?: string;
  readonly Role?: string;
  readonly Handler?: string;
  readonly Runtime?: CreateFunctionRequest['Runtime'];
  readonly Description?: string;
  readonly Timeout?: number;
  readonly MemorySize?: number;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
  readonly Tags?: readonly Tag[];
  readonly Layers?: readonly string[];
  readonly Architectures?: CreateFunctionRequest['Architectures'];
  readonly LoggingConfig?: LoggingConfig;
  readonly DeadLetterConfig?: { readonly TargetArn?: string };
  readonly ReservedConcurrentExecutions?: number;
  readonly EphemeralStorage?: { readonly Size: number };
  readonly VpcConfig?: VpcConfig;
  readonly TracingConfig?: CreateFunctionRequest['TracingConfig'];
  readonly SnapStart?: CreateFunctionRequest['SnapStart'];
  readonly KmsKeyArn?: string;
  readonly FileSystemConfigs?: CreateFunctionRequest['FileSystemConfigs'];
  readonly PackageType?: 'Zip' | 'Image';
  readonly CodeSigningConfigArn?: string;
  readonly RuntimeManagementConfig?: unknown;
  readonly RecursiveLoop?: RecursiveLoop;
}

/** `AWS::Lambda::Function` */
export const functionResource = (dependencies: LambdaDependencies): ResourceType<FunctionProperties> => ({
  honours: [
    'Code',
    'FunctionName',
    'Role',
    'Handler',
    'Runtime',
    'Description',
    'Timeout',
    'MemorySize',
    'Environment',
    'Tags',
    'Layers',
    'LoggingConfig',
    'DeadLetterConfig',
    'ReservedConcurrentExecutions',
    'RecursiveLoop',
    'PackageType',
    // Of a function's process: what `process.arch` and the context say of the machine stays this machine's.
    'Architectures',
  ],
  // There is one disk, one network, no X-Ray, no keys and no snapshots of started environments on this machine.
  accepts: [
    'EphemeralStorage',
    'VpcConfig',
    'TracingConfig',
    'SnapStart',
    'KmsKeyArn',
    'FileSystemConfigs',
    'CodeSigningConfigArn',
    'RuntimeManagementConfig',
  ],
  scalars: {
    Timeout: 'number',
    MemorySize: 'number',
    ReservedConcurrentExecutions: 'number',
    'EphemeralStorage.Size': 'number',
    'VpcConfig.Ipv6AllowedForDualStack': 'boolean',
  },

  fingerprint(properties, deployment) {
    if (typeof properties.Code === 'object' && properties.Code.S3Key === undefined) return undefined;
    return codeOf(properties, deployment, dependencies).sha256;
  },

  create(properties, deployment) {
    const { functions, concurrency, store } = dependencies;
    const { account, region } = deployment;
    const name = properties.FunctionName ?? deployment.physicalName(64);
    const configuration = configurationOf(name, properties, deployment, dependencies);
    const code = codeOf(properties, deployment, dependencies);
    return store.transaction(() => {
      const tags = { ...deployment.tags, ...tagsOf(properties.Tags) };
      functions.create({ account, region, name, configuration, code, tags });
      reserve(name, properties, deployment, dependencies);
      setRecursion(dependencies, deployment, name, properties.RecursiveLoop);
      concurrency.forget();
      return resourceOf(name, properties, deployment);
    });
  },

  update({ physicalId: name }, properties, previous, deployment) {
    if (properties.FunctionName !== previous.FunctionName || properties.PackageType !== previous.PackageType)
      return 'replace';
    const { functions, store } = dependencies;
    const before = functions.version(deployment, name);
    const configuration = configurationOf(name, properties, deployment, dependencies);
    const code = codeOf(properties, deployment, dependencies);
    return store.transaction(() => {
      if (runRevision(before) !== runRevision({ ...before, configuration, code }))
        functions.update(before, { configuration, code });
      const tags = { ...deployment.tags, ...tagsOf(properties.Tags) };
      functions.put(deployment, { ...functions.get(deployment, name), tags });
      reserve(name, properties, deployment, dependencies);
      setRecursion(dependencies, deployment, name, properties.RecursiveLoop);
      return resourceOf(name, properties, deployment);
    });
  },

  delete({ physicalId: name }, _properties, deployment) {
    const { functions, stores, store } = dependencies;
    if (stores.functions.find(deployment, name) === undefined) return;
    store.transaction(() => functions.delete(deployment, name));
  },
});

function resourceOf(name: string, { SnapStart }: FunctionProperties, { account, region }: Deployment): Resource {
  const SnapStartResponse = { ApplyOn: SnapStart?.ApplyOn ?? 'None', OptimizationStatus: 'Off' };
  return { physicalId: name, attributes: { Arn: functionArn({ account, region }, name), SnapStartResponse } };
}

function configurationOf(
  name: string,
  properties: FunctionProperties,
  deployment: Deployment,
  { layers }: LambdaDependencies,
): Configuration {
  const { Environment, Layers = [], Architectures, KmsKeyArn, Runtime } = properties;
  if (
    properties.PackageType === 'Image' ||
    (typeof properties.Code === 'object' && properties.Code.ImageUri !== undefined)
  ) {
    throw invalidParameter(
      'Skein runs functions from zip packages only: a function from a container image is not supported',
    );
  }
  for (const missing of ['Runtime', 'Handler', 'Role'] as const) {
    if (properties[missing] === undefined) throw invalidParameter(`the property ${missing} is missing`);
  }
  sayWhatDoesNotRun(Runtime, deployment);
  for (const arn of Layers) {
    if (layers.find(arn) === undefined)
      deployment.notice(`the layer ${arn} is not in this cloud: the function runs without it`);
  }
  const Variables = Object.fromEntries(
    Object.entries(Environment?.Variables ?? {}).map(([key, value]) => [key, String(value)]),
  );
  return firstConfiguration(
    name,
    {
      ...properties,
      Layers: [...Layers],
      Environment: Environment === undefined ? undefined : { Variables },
      Architectures: Architectures === undefined ? undefined : [...Architectures],
      KMSKeyArn: KmsKeyArn,
    },
    [join(resolve(deployment.folder), 'node_modules')],
  );
}

function sayWhatDoesNotRun(runtime: string | undefined, deployment: Deployment): void {
  if (runtime === undefined) return;
  if (!runsHere(runtime)) {
    deployment.notice(
      `functions of the runtime ${runtime} do not run here (Skein runs those of Node.js): its invocations fail`,
    );
  } else if (hasEnded(runtime)) {
    deployment.notice(
      `AWS has ended the runtime ${runtime} and refuses to deploy it; here it runs by the rules of nodejs20.x`,
    );
  } else if (!isKnown(runtime)) {
    deployment.notice(`AWS has no runtime ${runtime}; here it runs by the rules of nodejs20.x`);
  }
}

function codeOf(
  { Code, Runtime = 'nodejs' }: FunctionProperties,
  deployment: Deployment,
  { code: store }: LambdaDependencies,
): Code {
  if (typeof Code === 'string') return store.fromAsset(resolve(deployment.folder, Code), Code);
  if (Code?.ZipFile !== undefined) {
    return store.fromText(Runtime.startsWith('python') ? 'index.py' : 'index.js', Code.ZipFile);
  }
  const { S3Bucket, S3Key } = Code ?? {};
  if (S3Bucket === undefined || S3Key === undefined)
    throw invalidParameter('Please provide a source for function code.');
  const path = deployment.assetPath(S3Bucket, S3Key);
  if (path === undefined) {
    throw invalidParameter(
      `the code s3://${S3Bucket}/${S3Key} is no asset of this app, and Skein has no S3 yet to read it from`,
    );
  }
  return store.fromAsset(path, S3Key);
}

function reserve(
  name: string,
  { ReservedConcurrentExecutions: reserved }: FunctionProperties,
  deployment: Deployment,
  { functions, stores, concurrency }: LambdaDependencies,
): void {
  const row = functions.get(deployment, name);
  if (row.reserved === reserved) return;
  if (reserved !== undefined) checkReserved(stores.functions, deployment, reserved - (row.reserved ?? 0));
  functions.put(deployment, { ...row, reserved });
  concurrency.forget();
}
