import type { RunnableFunction } from './contract.ts';

/** What an environment's variables are made from. */
export interface VariableSources {
  readonly target: RunnableFunction;
  readonly logStream: string;
  readonly temporaryFolder: string;
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** `host:port` of the Runtime API. */
  readonly runtimeApi: string;
  readonly marker: readonly [name: string, value: string];
}

/** The variables of a function's process: those that AWS sets, and the user's. What AWS reserves cannot be replaced. */
export function environmentVariables(sources: VariableSources): Record<string, string> {
  const { target, marker } = sources;
  const { region, codeFolder, layerFolders } = target;
  const path = [
    ...layerFolders.map((folder) => `${folder}/bin`),
    process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
  ];
  const modules = layerFolders.flatMap((folder) => [
    `${folder}/nodejs/${target.runtime.replace(/^nodejs(\d+).*/, 'node$1')}/node_modules`,
    `${folder}/nodejs/node_modules`,
  ]);
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: path.join(':'),
    NODE_PATH: [...modules, codeFolder].join(':'),
    HOME: sources.temporaryFolder,
    TMPDIR: sources.temporaryFolder,
    AWS_ENDPOINT_URL: sources.endpoint,
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    ...target.environment,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: sources.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sources.secretAccessKey,
    AWS_SESSION_TOKEN: sources.sessionToken,
    AWS_EXECUTION_ENV: `AWS_Lambda_${target.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: target.name,
    AWS_LAMBDA_FUNCTION_VERSION: target.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(target.memoryMegabytes),
    AWS_LAMBDA_LOG_GROUP_NAME: target.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: sources.logStream,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_RUNTIME_API: sources.runtimeApi,
    AWS_LAMBDA_LOG_FORMAT: target.logFormat,
    ...(target.logFormat === 'JSON' ? { AWS_LAMBDA_LOG_LEVEL: target.applicationLogLevel } : {}),
    LAMBDA_TASK_ROOT: codeFolder,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    PWD: codeFolder,
    _HANDLER: target.handler,
    [marker[0]]: marker[1],
  };
}

/** Variables that Node, or the loader of the system, reads when a process starts: it cannot be one that is there already. */
const READ_AT_START =
  /^(NODE_OPTIONS|NODE_EXTRA_CA_CERTS|NODE_ICU_DATA|NODE_V8_COVERAGE|NODE_REDIRECT_WARNINGS|NODE_DEBUG.*|UV_THREADPOOL_SIZE|AWS_LAMBDA_EXEC_WRAPPER|SSL_CERT_.*|OPENSSL_CONF|LD_.*)$/;

/** Whether a function needs a process that was started for it. */
export const needsFreshProcess = ({ environment }: RunnableFunction): boolean =>
  Object.keys(environment).some(
    (name) => READ_AT_START.test(name) && !(name === 'NODE_OPTIONS' && environment[name] === SOURCE_MAPS),
  );

/** The only option that can also be set later, and the one that most functions set. */
const SOURCE_MAPS = '--enable-source-maps';

/** Whether the function asks for stack traces in terms of its sources. */
export const wantsSourceMaps = ({ environment }: RunnableFunction): boolean =>
  environment['NODE_OPTIONS'] === SOURCE_MAPS;

/** Whether somebody looks into the function's process, who would find it frozen. */
export const isDebugged = ({ environment }: RunnableFunction): boolean =>
  environment['NODE_OPTIONS']?.includes('--inspect') === true;
