import { hash } from 'node:crypto';
import type {
  Architecture,
  DeadLetterConfig,
  FileSystemConfig,
  FunctionConfiguration,
  LastUpdateStatusReasonCode,
  LoggingConfig,
  Runtime,
  SnapStart,
  TracingMode,
  VpcConfig,
} from '@aws-sdk/client-lambda';
import type { Scope } from '../../kernel/names.ts';
import { partitionOf } from '../../kernel/names.ts';
import { functionArn } from './functionReference.ts';

export const LATEST = '$LATEST';

/** What a user configures of a function, in AWS's words; kept as JSON. */
export interface Configuration {
  readonly Role: string;
  readonly Runtime?: Runtime | undefined;
  readonly Handler?: string | undefined;
  readonly Description: string;
  readonly Timeout: number;
  readonly MemorySize: number;
  /** Undefined when no variables were ever given, which AWS shows. */
  readonly Environment?: Readonly<Record<string, string>> | undefined;
  readonly VpcConfig?: VpcConfig | undefined;
  readonly DeadLetterArn?: DeadLetterConfig['TargetArn'];
  readonly TracingMode: TracingMode;
  /** ARNs of layer versions. */
  readonly Layers: readonly string[];
  readonly Architectures: readonly Architecture[];
  /** MB */
  readonly EphemeralStorage: number;
  readonly LoggingConfig: LoggingConfig;
  readonly FileSystemConfigs?: FileSystemConfig[] | undefined;
  readonly KMSKeyArn?: string | undefined;
  readonly SnapStart: NonNullable<SnapStart['ApplyOn']>;
  /** Where modules that AWS supplies are looked for after the function's own: the app's `node_modules`. */
  readonly moduleFolders: readonly string[];
}

/** A version's code, unpacked on this disk. */
export interface Code {
  /** Base64, as AWS gives it. */
  readonly sha256: string;
  /** Bytes of the package. */
  readonly size: number;
  readonly folder: string;
}

/** `$LATEST` or a published version of a function. */
export interface FunctionVersion extends Scope {
  readonly name: string;
  /** `$LATEST`, or a number. */
  readonly version: string;
  readonly configuration: Configuration;
  readonly code: Code;
  readonly revisionId: string;
  /** ms since 1970 */
  readonly modifiedAt: number;
}

/** Its ARN: `$LATEST` has the function's own. */
export const versionArn = ({ name, version, ...scope }: FunctionVersion): string =>
  functionArn(scope, name, version === LATEST ? undefined : version);

/** Changes with everything that an environment is made from. */
export const runRevision = ({ configuration, code }: FunctionVersion): string =>
  hash('sha256', JSON.stringify([configuration, code]), 'hex').slice(0, 32);

/** `2024-01-31T12:00:00.000+0000` */
export const lastModified = (at: number): string => new Date(at).toISOString().replace('Z', '+0000');

/** What is being done to a function: AWS says so in the answer, and has done it a moment later. */
export type Progress = 'creating' | 'updating' | 'done';

const CREATING = {
  State: 'Pending',
  StateReason: 'The function is being created.',
  StateReasonCode: 'Creating',
} as const;
const UPDATING = {
  State: 'Active',
  LastUpdateStatus: 'InProgress',
  LastUpdateStatusReason: 'The function is being created.',
  LastUpdateStatusReasonCode: 'Creating' as LastUpdateStatusReasonCode, // AWS's answer, though its model has no such code
} as const;
const DONE = { State: 'Active', LastUpdateStatus: 'Successful' } as const;
const STATES: Readonly<Record<Progress, FunctionConfiguration>> = {
  creating: CREATING,
  updating: UPDATING,
  done: DONE,
};

/** A version as AWS describes it. */
export function describeVersion(
  version: FunctionVersion,
  { arn = versionArn(version), progress = 'done', layerSize }: DescribeOptions = {},
): FunctionConfiguration {
  return { ...describe(version, arn, layerSize), ...STATES[progress] };
}

/** A version as lists give it: without its state. */
export const listedVersion = (
  version: FunctionVersion,
  { arn = versionArn(version), layerSize }: DescribeOptions = {},
): FunctionConfiguration => describe(version, arn, layerSize);

export interface DescribeOptions {
  /** @default - the version's own */
  readonly arn?: string;
  /** @default 'done' */
  readonly progress?: Progress;
  /** Bytes of a layer. @default - not given */
  readonly layerSize?: (layerVersionArn: string) => number | undefined;
}

function describe(
  version: FunctionVersion,
  arn: string,
  layerSize?: DescribeOptions['layerSize'],
): FunctionConfiguration {
  const { configuration, code } = version;
  const { Role, Runtime, Handler, Description, Timeout, MemorySize, Environment, VpcConfig, Layers } = configuration;
  return {
    FunctionName: version.name,
    FunctionArn: arn,
    Runtime,
    Role,
    Handler,
    CodeSize: code.size,
    Description,
    Timeout,
    MemorySize,
    LastModified: lastModified(version.modifiedAt),
    CodeSha256: code.sha256,
    Version: version.version,
    VpcConfig: VpcConfig === undefined ? undefined : { ...VpcConfig, VpcId: '' },
    DeadLetterConfig:
      configuration.DeadLetterArn === undefined ? undefined : { TargetArn: configuration.DeadLetterArn },
    Environment: Environment === undefined ? undefined : { Variables: { ...Environment } },
    KMSKeyArn: configuration.KMSKeyArn,
    TracingConfig: { Mode: configuration.TracingMode },
    RevisionId: version.revisionId,
    Layers: Layers.length === 0 ? undefined : Layers.map((Arn) => ({ Arn, CodeSize: layerSize?.(Arn) })),
    FileSystemConfigs: configuration.FileSystemConfigs,
    PackageType: 'Zip',
    Architectures: [...configuration.Architectures],
    EphemeralStorage: { Size: configuration.EphemeralStorage },
    SnapStart: { ApplyOn: configuration.SnapStart, OptimizationStatus: 'Off' },
    RuntimeVersionConfig:
      Runtime === undefined ? undefined : { RuntimeVersionArn: runtimeVersionArn(version.region, Runtime) },
    LoggingConfig: { ...configuration.LoggingConfig },
  };
}

const runtimeVersionArn = (region: string, runtime: string): string =>
  `arn:${partitionOf(region)}:lambda:${region}::runtime:${hash('sha256', runtime, 'hex')}`;
