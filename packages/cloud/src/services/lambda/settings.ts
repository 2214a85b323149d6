import type { CreateFunctionRequest, LoggingConfig, UpdateFunctionConfigurationRequest } from '@aws-sdk/client-lambda';
import { Constraints, type Pattern, pattern } from './constraints.ts';
import { invalidParameter } from './errors.ts';
import type { Configuration } from './functionVersion.ts';

/** What a caller may say of a function's configuration, when it makes it and when it changes it. */
export type Settings = Partial<
  Omit<UpdateFunctionConfigurationRequest, 'FunctionName' | 'RevisionId'> & Pick<CreateFunctionRequest, 'Architectures'>
>;

const ROLE = pattern('arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+');
const HANDLER = pattern('[^\\s]+');
const LAYER_VERSION: Pattern = pattern(
  '(arn:(aws[a-zA-Z-]*)?:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+)|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+)',
);
const TARGET = pattern('(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()');
const MAX_ENVIRONMENT_BYTES = 4096;
const MAX_LAYERS = 5;

const RESERVED_NAMES = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

/** The first configuration of a function. @throws ValidationException, InvalidParameterValueException */
export function firstConfiguration(name: string, settings: Settings, moduleFolders: readonly string[]): Configuration {
  check(settings);
  return {
    ...changed(
      { ...DEFAULTS, LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` }, moduleFolders },
      settings,
    ),
    Architectures: settings.Architectures ?? ['x86_64'],
  };
}

/** A configuration with what the caller said instead. @throws ValidationException, InvalidParameterValueException */
export function changedConfiguration(before: Configuration, settings: Settings): Configuration {
  check(settings);
  return changed(before, settings);
}

const DEFAULTS = {
  Role: '',
  Description: '',
  Timeout: 3,
  MemorySize: 128,
  TracingMode: 'PassThrough',
  Layers: [],
  Architectures: ['x86_64'],
  EphemeralStorage: 512,
  SnapStart: 'None',
} as const;

function changed(before: Configuration, settings: Settings): Configuration {
  const { VpcConfig, DeadLetterConfig, Environment, TracingConfig, EphemeralStorage, SnapStart } = settings;
  return {
    ...before,
    Role: settings.Role ?? before.Role,
    Runtime: settings.Runtime ?? before.Runtime,
    Handler: settings.Handler ?? before.Handler,
    Description: settings.Description ?? before.Description,
    Timeout: settings.Timeout ?? before.Timeout,
    MemorySize: settings.MemorySize ?? before.MemorySize,
    Environment: Environment === undefined ? before.Environment : (Environment.Variables ?? {}),
    VpcConfig: VpcConfig === undefined ? before.VpcConfig : vpcConfig(VpcConfig),
    DeadLetterArn: DeadLetterConfig === undefined ? before.DeadLetterArn : DeadLetterConfig.TargetArn || undefined,
    TracingMode: TracingConfig?.Mode ?? before.TracingMode,
    Layers: settings.Layers ?? before.Layers,
    EphemeralStorage: EphemeralStorage?.Size ?? before.EphemeralStorage,
    LoggingConfig: loggingConfig(before.LoggingConfig, settings.LoggingConfig),
    FileSystemConfigs: settings.FileSystemConfigs ?? before.FileSystemConfigs,
    KMSKeyArn: settings.KMSKeyArn ?? before.KMSKeyArn,
    SnapStart: SnapStart?.ApplyOn ?? before.SnapStart,
  };
}

/** An empty list of subnets takes a function out of its VPC. */
function vpcConfig(config: NonNullable<Settings['VpcConfig']>): Configuration['VpcConfig'] {
  const { SubnetIds = [], SecurityGroupIds = [], Ipv6AllowedForDualStack = false } = config;
  if (SubnetIds.length === 0 && SecurityGroupIds.length === 0) return undefined;
  return { SubnetIds, SecurityGroupIds, Ipv6AllowedForDualStack };
}

/** Levels are there with JSON alone, where they have defaults. */
function loggingConfig(before: LoggingConfig, asked: LoggingConfig | undefined): LoggingConfig {
  const { LogFormat, LogGroup, ApplicationLogLevel, SystemLogLevel } = { ...before, ...asked };
  const base = { LogFormat: LogFormat ?? 'Text', LogGroup };
  if (LogFormat !== 'JSON') return base;
  return { ...base, ApplicationLogLevel: ApplicationLogLevel ?? 'INFO', SystemLogLevel: SystemLogLevel ?? 'INFO' };
}

function check(settings: Settings): void {
  const { Architectures, Layers, LoggingConfig } = settings;
  new Constraints()
    .pattern(settings.Role, 'role', ROLE)
    .pattern(settings.Handler, 'handler', HANDLER)
    .length(settings.Handler, 'handler', 128)
    .length(settings.Description, 'description', 256)
    .range(settings.Timeout, 'timeout', 1, 900)
    .range(settings.MemorySize, 'memorySize', 128, 10_240)
    .range(settings.EphemeralStorage?.Size, 'ephemeralStorage.size', 512, 10_240)
    .pattern(settings.DeadLetterConfig?.TargetArn, 'deadLetterConfig.targetArn', TARGET)
    .oneOf(settings.TracingConfig?.Mode, 'tracingConfig.mode', ['Active', 'PassThrough'])
    .oneOf(settings.SnapStart?.ApplyOn, 'snapStart.applyOn', ['PublishedVersions', 'None'])
    .oneOf(LoggingConfig?.LogFormat, 'loggingConfig.logFormat', ['JSON', 'Text'])
    .oneOf(LoggingConfig?.ApplicationLogLevel, 'loggingConfig.applicationLogLevel', [
      'INFO',
      'ERROR',
      'DEBUG',
      'FATAL',
      'WARN',
      'TRACE',
    ])
    .oneOf(LoggingConfig?.SystemLogLevel, 'loggingConfig.systemLogLevel', ['INFO', 'WARN', 'DEBUG'])
    .check(
      (Architectures?.length ?? 1) <= 1,
      Architectures,
      'architectures',
      'Member must have length less than or equal to 1',
    )
    .check(
      Architectures?.every((item) => item === 'x86_64' || item === 'arm64') ?? true,
      Architectures,
      'architectures',
      'Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]',
    )
    .check(Layers?.every((layer) => LAYER_VERSION.regex.test(layer)) ?? true, Layers, 'layers', LAYER_CONSTRAINT)
    .hold();
  if (settings.Environment?.Variables !== undefined) checkVariables(settings.Environment.Variables);
  if (Layers !== undefined) checkLayers(Layers);
  if (LoggingConfig !== undefined) checkLogging(LoggingConfig);
}

const LAYER_CONSTRAINT = `Member must satisfy constraint: [Member must have length less than or equal to 2048, Member must have length greater than or equal to 1, ${LAYER_VERSION.constraint}, Member must not be null]`;
/**
 * Whether the ids of a VPC's parts have their form. Templates are not asked: what stands in for an unsupported resource has another.
 *
 * @throws ValidationException
 */
export function checkVpc({ SubnetIds, SecurityGroupIds }: NonNullable<Settings['VpcConfig']> = {}): void {
  new Constraints()
    .check(
      SubnetIds?.every((id) => /^subnet-[0-9a-z]*$/.test(id)) ?? true,
      SubnetIds,
      'vpcConfig.subnetIds',
      idConstraint('subnet-[0-9a-z]*'),
    )
    .check(
      SecurityGroupIds?.every((id) => /^sg-[0-9a-zA-Z]*$/.test(id)) ?? true,
      SecurityGroupIds,
      'vpcConfig.securityGroupIds',
      idConstraint('sg-[0-9a-zA-Z]*'),
    )
    .hold();
}

const idConstraint = (source: string): string =>
  `Member must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: ${source}]`;

function checkVariables(variables: Readonly<Record<string, string>>): void {
  const names = Object.keys(variables);
  const odd = names.filter((name) => !/^[a-zA-Z][a-zA-Z0-9_]*$/.test(name) && !RESERVED_NAMES.has(name));
  new Constraints()
    .check(
      odd.length === 0,
      variables,
      'environment.variables',
      'Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+, Member must not be null]',
    )
    .hold();
  const reserved = names.filter((name) => RESERVED_NAMES.has(name));
  if (reserved.length > 0) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  const text = JSON.stringify(variables);
  if (Buffer.byteLength(text) > MAX_ENVIRONMENT_BYTES) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${text}`,
    );
  }
}

function checkLayers(layers: readonly string[]): void {
  if (layers.length > MAX_LAYERS) throw invalidParameter(`Cannot reference more than ${MAX_LAYERS} layers.`);
  const seen = new Map<string, string>();
  for (const arn of layers) {
    const layer = arn.slice(0, arn.lastIndexOf(':'));
    const other = seen.get(layer);
    if (other !== undefined) {
      throw invalidParameter(
        `Two different versions of the same layer are not allowed to be referenced in the same function. ${other} and ${arn} are versions of the same layer.`,
      );
    }
    seen.set(layer, arn);
  }
}

function checkLogging({ LogFormat, ApplicationLogLevel, SystemLogLevel }: LoggingConfig): void {
  if (LogFormat === 'JSON' || (ApplicationLogLevel === undefined && SystemLogLevel === undefined)) return;
  if (LogFormat === undefined) return;
  const name = ApplicationLogLevel === undefined ? 'SystemLogLevel' : 'ApplicationLogLevel';
  throw invalidParameter(`To use ${name}, set LogFormat to JSON`);
}
