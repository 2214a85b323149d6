import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type Command, type CommandContext, defineCommand } from '../command.ts';
import { canDeploy, type DeployedApp, type DevCloudOptions } from '../deployable.ts';
import { CommandError } from '../errors.ts';

/** `skein dev`. */
export const dev: Command = defineCommand({
  name: 'dev',
  describe: 'Start AWS on this machine, deploy an app to it, and stay until Ctrl-C',
  argument: {
    name: 'app',
    describe: 'folder with a cdk.json, a cdk.out folder, or a CloudFormation template',
    default: '.',
  },
  options: {
    port: { type: 'number', value: 'number', describe: 'port of the AWS endpoint; 0: any free one', default: 4566 },
    host: {
      type: 'string',
      value: 'address',
      describe: 'address to listen on; 0.0.0.0 lets others in',
      default: '127.0.0.1',
    },
    inMemory: { type: 'boolean', describe: "keep no state: without it, it is kept in .skein/ in the app's folder" },
    clock: {
      type: 'choice',
      choices: ['real', 'virtual'],
      describe: "real: this machine's time; virtual: time moves only when it is told to",
      default: 'real',
    },
    region: { type: 'string', value: 'name', describe: 'AWS region', default: 'us-east-1' },
    account: { type: 'string', value: 'id', describe: 'AWS account, 12 digits', default: '000000000000' },
    parameters: { type: 'pairs', value: 'key=value', describe: "value of a template's parameter; repeatable" },
    skipUnsupported: { type: 'boolean', describe: 'deploy without the resources whose type is not supported' },
    keepUrls: { type: 'boolean', describe: 'leave the AWS addresses of APIs in outputs and variables as they are' },
    tls: { type: 'boolean', describe: 'speak HTTPS, with a certificate signed by itself' },
    verifySignatures: { type: 'boolean', describe: 'refuse requests that are not signed with the right secret' },
    noFreeze: { type: 'boolean', describe: 'let functions go on between invocations, as AWS does not' },
  },
  examples: ['skein dev', 'skein dev ./my-app --port 0', 'skein dev template.yaml --parameters Stage=dev'],
  async run(values, context) {
    const { emit } = context;
    const app = resolve(context.cwd, values.argument);
    const folder = folderOf(app, values.argument);
    if (!/^\d{12}$/.test(values.account)) {
      throw new CommandError(`--account must have 12 digits, not '${values.account}'`, { exitCode: 2 });
    }
    emit({ code: 'CLOUD_STARTING', kind: 'step', message: 'Starting AWS on this machine' });
    const options: DevCloudOptions = {
      port: values.port,
      host: values.host,
      clock: values.clock === 'virtual' ? 'virtual' : 'real',
      region: values.region,
      account: values.account,
      verifySignatures: values.verifySignatures,
      onInternalError: (error, what) =>
        emit({ code: 'INTERNAL_ERROR', kind: 'error', message: internalError(error, what, context) }),
      ...(values.noFreeze && { freeze: false }),
      ...(values.tls && { tls: true }),
      ...(!values.inMemory && { folder: join(folder, '.skein') }),
      page: await pageFolder(context),
    };
    await using cloud = await start(options);
    if (context.stop.aborted) return;
    emit({ code: 'CLOUD_STARTED', kind: 'success', message: `AWS endpoint  ${cloud.url}`, data: { url: cloud.url } });
    emit({ code: 'PAGE', message: `Page          ${cloud.url}/_skein/`, data: { url: `${cloud.url}/_skein/` } });
    if (!canDeploy(cloud)) throw new CommandError('this build of @skein/cloud cannot deploy');
    emit({ code: 'DEPLOYING', kind: 'step', message: `Deploying ${relative(context.cwd, app) || '.'}` });
    const deploying = cloud.deploy(app, {
      parameters: values.parameters,
      skipUnsupported: values.skipUnsupported,
      keepUrls: values.keepUrls,
      onProgress: ({ message }) => emit({ code: 'DEPLOY_PROGRESS', kind: 'step', message }),
    });
    const deployed = await Promise.race([deploying.catch(refused), stopped(context.stop)]);
    if (deployed === undefined) {
      deploying.catch(() => undefined);
      return;
    }
    report(deployed, context);
    emit({ code: 'READY', message: 'Ready. Ctrl-C stops it.' });
    await stopped(context.stop);
    await cloud.stop();
    emit({ code: 'STOPPED', kind: 'success', message: 'Stopped' });
  },
});

/** Where the state is kept: the folder of the app. @throws {CommandError} when there is no app */
function folderOf(app: string, typed: string): string {
  if (!existsSync(app)) {
    throw new CommandError(`there is no '${typed}': name a folder with a cdk.json, a cdk.out folder, or a template`);
  }
  if (!statSync(app).isDirectory()) return dirname(app);
  const isAssembly = existsSync(join(app, 'manifest.json'));
  if (isAssembly) return dirname(app);
  if (existsSync(join(app, 'cdk.json')) || TEMPLATES.some((name) => existsSync(join(app, name)))) return app;
  throw new CommandError(
    `there is no app in '${typed}': it has no cdk.json, no manifest.json of a cdk.out, and no ${TEMPLATES.join(' or ')}`,
  );
}

const TEMPLATES = ['template.yaml', 'template.yml', 'template.json'];

async function start(options: DevCloudOptions) {
  const { startCloud } = await import('@skein/cloud');
  try {
    return await startCloud(options);
  } catch (error) {
    throw startFailure(error, options);
  }
}

/** What to say when the cloud does not start: what the machine refused, and which flag helps. */
function startFailure(error: unknown, { port, host, folder }: DevCloudOptions): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return new CommandError(
      `port ${port} is taken: end what listens there (another skein dev?), or choose another port with --port (0: any free one)`,
      { cause: error },
    );
  }
  if (code === 'EACCES') {
    return new CommandError(`port ${port} needs rights that this user does not have: choose another with --port`, {
      cause: error,
    });
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new CommandError(`this machine has no address '${host}': choose another with --host`, { cause: error });
  }
  if (error instanceof Error && /database is locked/.test(error.message)) {
    return new CommandError(
      `${folder} is in use by another skein dev: stop that one, or keep no state with --in-memory`,
      {
        cause: error,
      },
    );
  }
  return error;
}

/** A deploy's own refusals are for the user; anything else is not foreseen. */
function refused(error: unknown): never {
  if (error instanceof Error && error.name === 'DeployError') throw new CommandError(error.message, { cause: error });
  throw error;
}

function stopped(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  const { promise, resolve: end } = Promise.withResolvers<undefined>();
  signal.addEventListener('abort', () => end(undefined), { once: true });
  // Nothing else may be left that keeps the process alive: it stays because it was asked to.
  const alive = setInterval(() => undefined, 2 ** 30);
  return promise.finally(() => clearInterval(alive));
}

function report({ outputs, ignored }: DeployedApp, { emit }: CommandContext): void {
  emit({ code: 'DEPLOYED', kind: 'success', message: 'Deployed', data: { outputs } });
  const names = Object.keys(outputs);
  const width = Math.max(...names.map((name) => name.length), 0);
  for (const name of names)
    emit({
      code: 'OUTPUT',
      message: `  ${name.padEnd(width)}  ${String(outputs[name])}`,
      data: { name, value: outputs[name] },
    });
  for (const item of ignored)
    emit({ code: 'IGNORED', kind: 'warning', message: `without effect here: ${String(item)}`, data: { item } });
}

const internalError = (error: unknown, what: string, { environment }: CommandContext): string => {
  const text = error instanceof Error ? error.message : String(error);
  const stack = environment['SKEIN_DEBUG'] !== undefined && error instanceof Error ? `\n${error.stack}` : '';
  return `internal error in ${what}: ${text}${stack}`;
};

async function pageFolder({ emit }: CommandContext): Promise<string> {
  const { pageFolder: locate } = await import('@skein/explorer');
  void emit;
  return locate();
}
