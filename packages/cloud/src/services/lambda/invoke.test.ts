import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARN, ECHO, type LambdaCloud, startLambda } from './test/lambda.ts';

let tested: LambdaCloud;
beforeAll(async () => {
  tested = await startLambda();
  await tested.create('echo');
});
afterAll(() => tested[Symbol.asyncDispose]());

describe('Invoke', () => {
  it('runs a function and answers what it returned', async () => {
    const { StatusCode, ExecutedVersion, FunctionError, LogResult, Payload } = await tested.lambda.invoke({
      FunctionName: 'echo',
      Payload: '{"a":[1,"zwei",null]}',
    });
    expect({ StatusCode, ExecutedVersion, FunctionError, LogResult }).toEqual({
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      FunctionError: undefined,
      LogResult: undefined,
    });
    expect(Payload?.transformToString()).toBe('{"a":[1,"zwei",null]}');
  });

  it('gives an empty object where no payload came', async () => {
    const { Payload } = await tested.lambda.invoke({ FunctionName: 'echo' });
    expect(Payload?.transformToString()).toBe('{}');
  });

  it('reports what a function threw as its answer', async () => {
    await tested.create('throws', "exports.handler = async () => { throw new TypeError('broken'); };");
    const { StatusCode, FunctionError, Payload } = await tested.lambda.invoke({ FunctionName: 'throws' });
    expect({ StatusCode, FunctionError }).toEqual({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(JSON.parse(Payload?.transformToString() ?? '')).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'broken',
    });
  });

  it('gives the end of the log when asked', async () => {
    const { LogResult } = await tested.lambda.invoke({ FunctionName: 'echo', LogType: 'Tail' });
    expect(Buffer.from(LogResult ?? '', 'base64').toString()).toMatch(/^START RequestId: [0-9a-f-]{36}/);
  });

  it('uses the id of the request, which the context and the answer carry', async () => {
    await tested.create(
      'ids',
      'exports.handler = async (event, context) => [context.awsRequestId, context.invokedFunctionArn];',
    );
    const { $metadata, Payload } = await tested.lambda.invoke({ FunctionName: 'ids' });
    expect(JSON.parse(Payload?.transformToString() ?? '')).toEqual([$metadata.requestId, `${ARN}:ids`]);
  });

  it('checks and runs nothing in a dry run', async () => {
    const { StatusCode } = await tested.lambda.invoke({ FunctionName: 'echo', InvocationType: 'DryRun' });
    expect(StatusCode).toBe(204);
    await expect(tested.lambda.invoke({ FunctionName: 'nobody', InvocationType: 'DryRun' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it.each([
    [
      { FunctionName: 'nobody' },
      'ResourceNotFoundException',
      404,
      new RegExp(`^Function not found: ${ARN}:nobody:\\$LATEST$`),
    ],
    [
      { FunctionName: 'echo', Qualifier: 'nothing' },
      'ResourceNotFoundException',
      404,
      new RegExp(`^Function not found: ${ARN}:echo:nothing$`),
    ],
    [
      { FunctionName: 'echo', Payload: '{"open": ' },
      'InvalidRequestContentException',
      400,
      /^Could not parse request body into json: Could not parse payload into json: /,
    ],
    [
      { FunctionName: 'echo', Payload: Buffer.from([0x22, 0xff, 0x22]) },
      'InvalidRequestContentException',
      400,
      /UTF-8/,
    ],
    [
      { FunctionName: 'echo', Payload: `"${'x'.repeat(6_291_455)}"` },
      'RequestEntityTooLargeException',
      413,
      /^Request must be smaller than 6291456 bytes for the InvokeFunction operation$/,
    ],
    [
      { FunctionName: 'echo', InvocationType: 'Event', Payload: `"${'x'.repeat(1_048_575)}"` },
      'RequestEntityTooLargeException',
      413,
      /^Request must be smaller than 1048576 bytes/,
    ],
    [
      { FunctionName: 'echo', InvocationType: 'Sometime' },
      'ValidationException',
      400,
      /'invocationType' failed to satisfy constraint: Member must satisfy enum value set: \[Event, RequestResponse, DryRun\]/,
    ],
  ])('refuses case %#', async (input, name, status, message) => {
    await expect(tested.lambda.invoke(input as Parameters<typeof tested.lambda.invoke>[0])).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
      $metadata: { httpStatusCode: status },
    });
  });

  it('answers an error of AWS for what is larger than 6 MB', async () => {
    await tested.create('large', "exports.handler = async ({ size }) => 'x'.repeat(size);", { MemorySize: 512 });
    expect(await tested.call('large', { size: 6_291_554 })).toHaveLength(6_291_554);
    expect(await tested.call('large', { size: 6_291_555 })).toEqual({
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
      errorType: 'Function.ResponseSizeTooLarge',
    });
  });

  it('answers as a stream of events where that is asked for', async () => {
    const { EventStream = [], ExecutedVersion } = await tested.lambda.invokeWithResponseStream({
      FunctionName: 'echo',
      Payload: '"streamed"',
      LogType: 'Tail',
    });
    const events = [];
    for await (const { PayloadChunk, InvokeComplete } of EventStream) {
      events.push(
        PayloadChunk?.Payload === undefined
          ? Object.keys(InvokeComplete ?? {})
          : Buffer.from(PayloadChunk.Payload).toString(),
      );
    }
    expect([ExecutedVersion, events]).toEqual(['$LATEST', ['"streamed"', ['LogResult']]]);
  });

  it('says of other runtimes that they do not run here', async () => {
    await tested.create('snake', ECHO, { Runtime: 'python3.13' });
    await expect(tested.lambda.invoke({ FunctionName: 'snake' })).rejects.toMatchObject({
      name: 'InvalidRuntimeException',
      message: `Skein runs functions of Node.js runtimes; ${ARN}:snake has the runtime python3.13`,
    });
  });

  it('records each call as a hop on the function', async () => {
    await tested.create('traced');
    await tested.call('traced');
    expect(tested.cloud.trace.of(`${ARN}:traced`).filter(({ operation }) => operation === 'Invoke')).toMatchObject([
      { service: 'lambda', operation: 'Invoke', outcome: 'ok', cause: 0, resource: `${ARN}:traced` },
    ]);
  });

  it('runs nothing any more when it has answered', async () => {
    await tested.call('echo');
    await tested.cloud.settle();
  });
});

/** Invokes the function that its event names, and answers what it got or why not. */
const NESTED = `
const { LambdaClient, InvokeCommand } = require('@aws-sdk/client-lambda');
const lambda = new LambdaClient({ maxAttempts: 1 });
exports.handler = async ({ invoke }) => {
  if (invoke === undefined) return 'done';
  try {
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: invoke }));
    return JSON.parse(Buffer.from(Payload).toString());
  } catch ({ name, message, Reason, Type, $metadata }) {
    return { name, message, Reason, Type, status: $metadata.httpStatusCode };
  }
};`;

describe('a function that invokes another', () => {
  it('is the cause of that call, which its role makes', async () => {
    await tested.create('outer', NESTED);
    await tested.create('inner', NESTED);
    expect(await tested.call('outer', { invoke: 'inner' })).toBe('done');
    const calls = (name: string) =>
      tested.cloud.trace.of(`${ARN}:${name}`).filter(({ operation }) => operation === 'Invoke');
    expect(calls('inner')).toMatchObject([
      { cause: calls('outer')[0]?.id, principal: 'arn:aws:sts::000000000000:assumed-role/worker/outer' },
    ]);
  });
});

describe('concurrency', () => {
  it('throttles what is above the share of a function', async () => {
    await tested.create('narrow', NESTED);
    await tested.lambda.putFunctionConcurrency({ FunctionName: 'narrow', ReservedConcurrentExecutions: 1 });
    expect(await tested.call('narrow', { invoke: 'narrow' })).toEqual({
      name: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      Type: 'User',
      status: 429,
    });
    await tested.lambda.putFunctionConcurrency({ FunctionName: 'narrow', ReservedConcurrentExecutions: 2 });
    expect(await tested.call('narrow', { invoke: 'narrow' })).toBe('done');
  });

  it('never runs a function whose share is 0, until the share is gone', async () => {
    await tested.create('never');
    await tested.lambda.putFunctionConcurrency({ FunctionName: 'never', ReservedConcurrentExecutions: 0 });
    expect(await tested.lambda.getFunctionConcurrency({ FunctionName: 'never' })).toMatchObject({
      ReservedConcurrentExecutions: 0,
    });
    await expect(tested.call('never')).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    await tested.lambda.deleteFunctionConcurrency({ FunctionName: 'never' });
    expect(await tested.call('never', { a: 1 })).toEqual({ a: 1 });
  });

  it('keeps 100 of the account for functions without a share', async () => {
    await tested.create('greedy');
    const { AccountLimit } = await tested.lambda.getAccountSettings({});
    const unreserved = AccountLimit?.UnreservedConcurrentExecutions ?? 0;
    await expect(
      tested.lambda.putFunctionConcurrency({ FunctionName: 'greedy', ReservedConcurrentExecutions: unreserved - 99 }),
    ).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining('below its minimum value of [100]'),
    });
    await tested.lambda.putFunctionConcurrency({
      FunctionName: 'greedy',
      ReservedConcurrentExecutions: unreserved - 100,
    });
    expect((await tested.lambda.getAccountSettings({})).AccountLimit?.UnreservedConcurrentExecutions).toBe(100);
    await tested.lambda.deleteFunction({ FunctionName: 'greedy' });
    expect((await tested.lambda.getAccountSettings({})).AccountLimit?.UnreservedConcurrentExecutions).toBe(unreserved);
  });
});
