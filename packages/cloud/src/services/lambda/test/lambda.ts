import { Lambda } from '@aws-sdk/client-lambda';
import { type Cloud, type CloudOptions, startCloud } from '../../../index.ts';
import { zipOf } from './zip.ts';

/** A cloud with a Lambda client, for tests. */
export interface LambdaCloud extends AsyncDisposable {
  readonly cloud: Cloud;
  readonly lambda: Lambda;
  /** Makes a function of Node.js from a CommonJS source. */
  create(name: string, source?: string, more?: Partial<Parameters<Lambda['createFunction']>[0]>): Promise<void>;
  /** Invokes a function and gives what it answered, parsed. */
  call(name: string, event?: unknown, more?: Partial<Parameters<Lambda['invoke']>[0]>): Promise<unknown>;
}

export const ECHO = 'exports.handler = async (event) => event;';
export const ROLE = 'arn:aws:iam::000000000000:role/worker';
export const ARN = 'arn:aws:lambda:us-east-1:000000000000:function';

/** Starts it. */
export async function startLambda(options: CloudOptions = {}): Promise<LambdaCloud> {
  const cloud = await startCloud(options);
  // What throttles must be seen, not retried.
  const lambda = new Lambda({ ...cloud.clientConfiguration, maxAttempts: 1 });
  return {
    cloud,
    lambda,
    async create(FunctionName, source = ECHO, more = {}) {
      await lambda.createFunction({
        FunctionName,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role: ROLE,
        Code: { ZipFile: zipOf(source) },
        ...more,
      });
    },
    async call(FunctionName, event = {}, more = {}) {
      const { Payload } = await lambda.invoke({ FunctionName, Payload: JSON.stringify(event), ...more });
      return JSON.parse(Payload?.transformToString() ?? 'null');
    },
    async [Symbol.asyncDispose]() {
      lambda.destroy();
      await cloud.stop();
    },
  };
}
