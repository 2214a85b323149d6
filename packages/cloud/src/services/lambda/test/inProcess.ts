import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Environments, RunnableFunction, RunRequest, RunResult } from '../environments/contract.ts';

/** Environments for tests of the service alone: handlers run in this process. */
export function startEnvironments(): Environments {
  return { run, prepare: () => undefined, retire: () => undefined, stop: async () => undefined };
}

async function run(target: RunnableFunction, request: RunRequest): Promise<RunResult> {
  const [file = '', name = ''] = target.handler.split('.');
  const require = createRequire(join(target.codeFolder, 'x.js'));
  const base = {
    logTail: `START RequestId: ${request.requestId}`,
    durationMs: 1,
    billedDurationMs: 1,
    initDurationMs: undefined,
    maxMemoryMegabytes: 50,
    environment: `${target.name}.0`,
  };
  const path = join(target.codeFolder, `${file}.js`);
  try {
    if (!existsSync(path)) throw new Error(`Cannot find module '${file}'`);
    const handler: unknown = require(path)[name];
    if (typeof handler !== 'function') throw new Error(`${target.handler} is undefined or not exported`);
    const context = {
      awsRequestId: request.requestId,
      invokedFunctionArn: request.invokedArn,
      functionVersion: target.version,
      env: target.environment,
    };
    const value: unknown = await handler(JSON.parse(request.payload.toString('utf8')), context);
    return { ...base, payload: Buffer.from(JSON.stringify(value ?? null)), functionError: undefined };
  } catch (error) {
    const { name: errorType, message: errorMessage } = error instanceof Error ? error : new Error(String(error));
    return {
      ...base,
      payload: Buffer.from(JSON.stringify({ errorType, errorMessage, trace: [] })),
      functionError: 'Unhandled',
    };
  }
}
