import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { App, Cloud, CloudOptions, Progress } from '@skein/cloud';
import { apisOf, exampleRequest } from '../apis.ts';
import { type CliEvent, type Command, type CommandContext, defineCommand } from '../command.ts';
import { CommandError } from '../errors.ts';
import { startFailure } from '../startFailure.ts';

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
    freeze: { type: 'boolean', describe: 'let functions go on between invocations, as AWS does not', default: true },
  },
  examples: ['skein dev', 'skein dev ./my-app --port 0', 'skein dev template.yaml --parameters Stage=dev'],
  async run(values, context) {
    const { emit, stop, cwd } = context;
    const app = resolve(cwd, values.argument);
    const folder = folderOf(app, values.argument);
    if (!/^\d{12}$/.test(values.account)) {
      throw new CommandError(`--account must have 12 digits, not '${values.account}'`, { exitCode: 2 });
    }
    emit({ code: 'CLOUD_STARTING', kind: 'step', message: 'Starting AWS on this machine' });
    const { pageFolder } = await import('@skein/explorer');
    await using cloud = await start({
      port: values.port,
      host: values.host,
      clock: values.clock === 'virtual' ? 'virtual' : 'real',
      region: values.region,
      account: values.account,
      verifySignatures: values.verifySignatures,
      onInternalError: (error, what) => emit(internalError(error, what, context)),
      ...(!values.freeze && { freeze: false }),
      ...(values.tls && { tls: true }),
      ...(!values.inMemory && { folder: join(folder, '.skein') }),
      page: await pageFolder(),
    });
    emit({ code: 'CLOUD_STARTED', kind: 'success', message: `AWS endpoint  ${cloud.url}`, data: { url: cloud.url } });
    const page = `${cloud.url}/_skein/`;
    emit({ code: 'PAGE', message: `Page          ${page}`, data: { url: page } });
    emit({ code: 'DEPLOYING', kind: 'step', message: `Deploying ${relative(cwd, app) || '.'}` });
    using stopping = wishToStop(stop);
    const deploying = cloud.deploy(app, {
      parameters: values.parameters,
      skipUnsupported: values.skipUnsupported,
      keepUrls: values.keepUrls,
      onProgress: (progress) => emit(progressEvent(progress)),
    });
    const deployed = await Promise.race([deploying.catch(refused), stopping.promise]);
    if (deployed !== undefined) {
      report(deployed, cloud, emit);
      emit({ code: 'READY', message: 'Ready. Ctrl-C stops it.' });
      await stopping.promise;
    } else deploying.catch(() => undefined);
    await cloud.stop();
    emit({ code: 'STOPPED', kind: 'success', message: 'Stopped' });
  },
});

const TEMPLATES = ['template.yaml', 'template.yml', 'template.json'];

/** Where the state is kept: the folder of the app. @throws {CommandError} when there is no app */
function folderOf(app: string, typed: string): string {
  if (!existsSync(app)) {
    throw new CommandError(`there is no '${typed}': name a folder with a cdk.json, a cdk.out folder, or a template`);
  }
  if (!statSync(app).isDirectory() || existsSync(join(app, 'manifest.json'))) return dirname(app);
  if (['cdk.json', ...TEMPLATES].some((name) => existsSync(join(app, name)))) return app;
  throw new CommandError(
    `there is no app in '${typed}': it has no cdk.json, no manifest.json of a cdk.out, and no ${TEMPLATES.join(' or ')}`,
  );
}

async function start(options: CloudOptions): Promise<Cloud> {
  const { startCloud } = await import('@skein/cloud');
  try {
    return await startCloud(options);
  } catch (error) {
    throw startFailure(error, options);
  }
}

/** A deploy's own refusals are for the user; anything else is not foreseen. */
function refused(error: unknown): never {
  if (error instanceof Error && error.name === 'DeployError') throw new CommandError(error.message, { cause: error });
  throw error;
}

/** The wish to stop. Until it is disposed of, the process stays, whatever else there is to do. */
function wishToStop(signal: AbortSignal): Disposable & { readonly promise: Promise<undefined> } {
  const { promise, resolve: end } = Promise.withResolvers<undefined>();
  if (signal.aborted) end(undefined);
  signal.addEventListener('abort', () => end(undefined), { once: true });
  const alive = setInterval(() => undefined, 2 ** 30);
  return { promise, [Symbol.dispose]: () => clearInterval(alive) };
}

function progressEvent(progress: Progress): CliEvent {
  const { stack, logicalId, type, status, reason } = progress;
  return {
    code: 'DEPLOY_PROGRESS',
    kind: 'step',
    message: `${stack}  ${status}  ${type}  ${logicalId}${reason === undefined ? '' : `: ${reason}`}`,
    data: { ...progress },
  };
}

/** Where a cloud says it. */
interface Addresses {
  /** The local address of an endpoint's AWS address; the same text when none lives here. */
  readonly localUrl?: (awsUrl: string) => string;
}

/** Says what the user can do now, and what of the app has no effect here. */
function report(app: App, cloud: Cloud & Addresses, emit: (event: CliEvent) => void): void {
  const names = app.stacks.map(({ stack }) => stack.name).join(', ');
  emit({
    code: 'DEPLOYED',
    kind: 'success',
    message: app.changed ? `Deployed ${names}` : `${names} stands as it was`,
    data: { stacks: app.stacks.map(({ stack }) => stack.name), outputs: app.outputs, changed: app.changed },
  });
  for (const { stack, path, reason } of app.ignored) {
    emit({
      code: 'IGNORED',
      kind: 'warning',
      message: `${stack} ${path}: ${reason}`,
      data: { stack, path, reason },
    });
  }
  const width = Math.max(...Object.keys(app.outputs).map((name) => name.length), 0);
  for (const [name, value] of Object.entries(app.outputs)) {
    emit({ code: 'OUTPUT', message: `  ${name.padEnd(width)}  ${value}`, data: { name, value } });
  }
  for (const api of apisOf(app, (awsUrl) => cloud.localUrl?.(awsUrl) ?? awsUrl)) {
    emit({ code: 'API', message: `API ${api.name}: ${api.url}`, data: { ...api } });
    for (const route of api.routes) emit({ code: 'ROUTE', message: `  ${route}`, data: { api: api.name, route } });
    const example = exampleRequest(api);
    if (example !== undefined) emit({ code: 'EXAMPLE', message: `Try: ${example}`, data: { command: example } });
  }
}

function internalError(error: unknown, what: string, { environment }: CommandContext): CliEvent {
  const text = error instanceof Error ? error.message : String(error);
  const stack = environment['SKEIN_DEBUG'] !== undefined && error instanceof Error ? `\n${error.stack}` : '';
  return { code: 'INTERNAL_ERROR', kind: 'error', message: `internal error in ${what}: ${text}${stack}` };
}
