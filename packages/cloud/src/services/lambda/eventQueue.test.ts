import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ARN, type LambdaCloud, startLambda } from './test/lambda.ts';

const FAILING = "exports.handler = async () => { throw new Error('always'); };";
/** Fails so often as its event says. */
const FLAKY =
  "let runs = 0; exports.handler = async ({ failures }) => { if (runs++ < failures) throw new Error('not yet'); };";

/** Asks for so many more runs of itself while it runs. */
const CALLS_ITSELF = `
const { LambdaClient, InvokeCommand } = require('@aws-sdk/client-lambda');
const lambda = new LambdaClient();
exports.handler = async ({ more = 0 }) => {
  for (let run = 0; run < more; run++) await lambda.send(new InvokeCommand({ FunctionName: 'busy', InvocationType: 'Event' }));
};`;

const start = Date.parse('2026-01-01T00:00:00Z');

/** When each run began, in seconds from the start, and what became of it. */
const runsOf = ({ cloud }: LambdaCloud, name: string): (readonly [seconds: number, outcome: string | undefined])[] =>
  cloud.trace
    .of(`${ARN}:${name}`)
    .filter(({ note }) => note?.startsWith('run ') === true)
    .map(({ at, outcome }) => [(at - start) / 1000, outcome] as const);

const send = ({ lambda }: LambdaCloud, FunctionName: string, event: unknown = {}) =>
  lambda.invoke({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify(event) });

describe('an asynchronous invocation', () => {
  it('is accepted at once and run once', async () => {
    await using tested = await startLambda({ clock: 'virtual', now: new Date(start) });
    await tested.create('works');
    const { StatusCode, Payload } = await send(tested, 'works');
    expect([StatusCode, Payload?.length ?? 0]).toEqual([202, 0]);
    await tested.cloud.settle();
    await tested.cloud.clock.advance('1 day');
    expect(runsOf(tested, 'works')).toEqual([[0, 'ok']]);
  });

  it('belongs to the call that asked for it, and names its environment', async () => {
    await using tested = await startLambda({ clock: 'virtual', now: new Date(start) });
    await tested.create('caused');
    await send(tested, 'caused');
    await tested.cloud.settle();
    const [call, run] = tested.cloud.trace.of(`${ARN}:caused`).filter(({ operation }) => operation === 'Invoke');
    expect(run).toMatchObject({ cause: call?.id, target: 'caused.0', principal: 'lambda.amazonaws.com' });
  });

  it('is repeated after one and after two minutes, then given up', async () => {
    await using tested = await startLambda({ clock: 'virtual', now: new Date(start) });
    await tested.create('fails', FAILING);
    await send(tested, 'fails');
    await tested.cloud.settle({ advance: true });
    expect(runsOf(tested, 'fails')).toEqual([
      [0, 'Unhandled'],
      [60, 'Unhandled'],
      [180, 'Unhandled'],
    ]);
  });

  it('is not repeated when it has worked', async () => {
    await using tested = await startLambda({ clock: 'virtual', now: new Date(start) });
    await tested.create('flaky', FLAKY);
    await send(tested, 'flaky', { failures: 1 });
    await tested.cloud.settle({ advance: true });
    expect(runsOf(tested, 'flaky')).toEqual([
      [0, 'Unhandled'],
      [60, 'ok'],
    ]);
  });

  it('is repeated as often and for as long as its configuration says', async () => {
    await using tested = await startLambda({ clock: 'virtual', now: new Date(start) });
    await tested.create('once', FAILING);
    await tested.create('short', FAILING);
    await tested.lambda.putFunctionEventInvokeConfig({ FunctionName: 'once', MaximumRetryAttempts: 0 });
    await tested.lambda.putFunctionEventInvokeConfig({ FunctionName: 'short', MaximumEventAgeInSeconds: 100 });
    await send(tested, 'once');
    await send(tested, 'short');
    await tested.cloud.settle({ advance: true });
    expect(runsOf(tested, 'once')).toEqual([[0, 'Unhandled']]);
    expect(runsOf(tested, 'short').map(([at]) => at)).toEqual([0, 60]);
  });

  it('backs off while there is no concurrency, without using up its attempts', async () => {
    await using tested = await startLambda({ clock: 'virtual', now: new Date(start) });
    await tested.create('busy', CALLS_ITSELF);
    await tested.lambda.putFunctionConcurrency({ FunctionName: 'busy', ReservedConcurrentExecutions: 1 });
    await send(tested, 'busy', { more: 2 });
    await tested.cloud.settle({ advance: true });
    const runs = runsOf(tested, 'busy');
    expect(runs.filter(([, outcome]) => outcome === 'ok')).toHaveLength(3);
    expect(
      runs
        .filter(([, outcome]) => outcome === 'throttled')
        .map(([at]) => at)
        .slice(0, 2),
    ).toEqual([0, 0]);
    expect(runs.at(-1)?.[0]).toBeGreaterThanOrEqual(1);
  });

  it('goes where it should when it is given up, and stays with a word in the trace when that is not there', async () => {
    await using tested = await startLambda({ clock: 'virtual', now: new Date(start) });
    await tested.create('dead', FAILING, {
      DeadLetterConfig: { TargetArn: 'arn:aws:sns:us-east-1:000000000000:letters' },
    });
    await tested.lambda.putFunctionConcurrency({ FunctionName: 'dead', ReservedConcurrentExecutions: 0 });
    await send(tested, 'dead');
    await tested.cloud.settle({ advance: true });
    expect(runsOf(tested, 'dead')).toEqual([[0, 'throttled']]);
    expect(tested.cloud.trace.of(`${ARN}:dead`)).toContainEqual(
      expect.objectContaining({
        operation: 'DeliverEvent',
        outcome: 'dropped',
        target: 'arn:aws:sns:us-east-1:000000000000:letters',
      }),
    );
  });

  it('tells another function what became of it', async () => {
    await using tested = await startLambda({ clock: 'virtual', now: new Date(start) });
    await tested.create('told', 'exports.handler = async (event) => event;');
    await tested.create('teller', FAILING);
    await tested.lambda.putFunctionEventInvokeConfig({
      FunctionName: 'teller',
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: `${ARN}:told` } },
    });
    await send(tested, 'teller', { order: 1 });
    await tested.cloud.settle();
    expect(runsOf(tested, 'told')).toEqual([[0, 'ok']]);
  });

  it('is not lost when the cloud ends: it runs after the start', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'skein-test-'));
    try {
      const first = await startLambda({ clock: 'virtual', now: new Date(start), folder });
      await first.create('late', FLAKY);
      await send(first, 'late', { failures: 1 });
      await first.cloud.settle();
      expect(runsOf(first, 'late')).toEqual([[0, 'Unhandled']]);
      await first[Symbol.asyncDispose]();
      await using second = await startLambda({ clock: 'virtual', now: new Date(start + 10_000), folder });
      await second.cloud.settle({ advance: true });
      // In a new process the function has forgotten that it failed.
      expect(runsOf(second, 'late')).toEqual([
        [60, 'Unhandled'],
        [180, 'ok'],
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is run again when the cloud ends while it runs, and that run does not count', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'skein-test-'));
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    let requests = 0;
    const server = createServer((_request, response) => {
      if (++requests === 1) resolve();
      else response.end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    try {
      const first = await startLambda({ folder });
      await first.create('hangs', `exports.handler = async () => { await fetch('${url}'); };`, { Timeout: 60 });
      await first.lambda.putFunctionEventInvokeConfig({ FunctionName: 'hangs', MaximumRetryAttempts: 0 });
      await send(first, 'hangs');
      await asked;
      await first[Symbol.asyncDispose]();
      await using second = await startLambda({ folder });
      await second.cloud.settle();
      expect(runsOf(second, 'hangs').map(([, outcome]) => outcome)).toEqual(['ok']);
      expect(requests).toBe(2);
    } finally {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is refused for a function that is not there or does not run here', async () => {
    await using tested = await startLambda();
    await tested.create('snake', undefined, { Runtime: 'python3.13' });
    await expect(send(tested, 'nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(send(tested, 'snake')).rejects.toMatchObject({ name: 'InvalidRuntimeException' });
  });
});

describe('the configuration of asynchronous invocation', () => {
  it('is put, changed, listed and deleted', async () => {
    await using tested = await startLambda();
    await tested.create('set');
    const FunctionArn = `${ARN}:set:$LATEST`;
    const DestinationConfig = { OnSuccess: {}, OnFailure: {} };
    expect(
      await tested.lambda.putFunctionEventInvokeConfig({ FunctionName: 'set', MaximumRetryAttempts: 0 }),
    ).toMatchObject({ FunctionArn, MaximumRetryAttempts: 0, DestinationConfig });
    expect(
      await tested.lambda.updateFunctionEventInvokeConfig({ FunctionName: 'set', MaximumEventAgeInSeconds: 60 }),
    ).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
    const put = await tested.lambda.putFunctionEventInvokeConfig({ FunctionName: 'set', MaximumEventAgeInSeconds: 90 });
    expect(put.MaximumRetryAttempts).toBeUndefined();
    expect(
      (await tested.lambda.listFunctionEventInvokeConfigs({ FunctionName: 'set' })).FunctionEventInvokeConfigs,
    ).toMatchObject([{ FunctionArn }]);
    await tested.lambda.deleteFunctionEventInvokeConfig({ FunctionName: 'set' });
    await expect(tested.lambda.getFunctionEventInvokeConfig({ FunctionName: 'set' })).rejects.toThrow(
      `The function ${FunctionArn} doesn't have an EventInvokeConfig`,
    );
  });

  it.each([
    [{}, 'InvalidParameterValueException', /^You must specify at least one of error handling or destination setting\./],
    [{ FunctionName: 'nobody', MaximumRetryAttempts: 1 }, 'ResourceNotFoundException', /^The function doesn't exist\./],
    [
      { MaximumRetryAttempts: 3 },
      'ValidationException',
      /'maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 2/,
    ],
    [
      { DestinationConfig: { OnFailure: { Destination: `${ARN}:refusing` } } },
      'InvalidParameterValueException',
      /^You can't specify the function as a destination for itself\./,
    ],
    [
      { DestinationConfig: { OnFailure: { Destination: `${ARN}:nobody` } } },
      'InvalidParameterValueException',
      new RegExp(`^The destination ARN ${ARN}:nobody is invalid\\.`),
    ],
    [
      { DestinationConfig: { OnSuccess: { Destination: 'arn:aws:iam:us-east-1:000000000000:x' } } },
      'InvalidParameterValueException',
      /^The provided destination config DestinationConfig\(onSuccess=OnSuccess\(destination=arn:aws:iam:us-east-1:000000000000:x\), onFailure=null\) is invalid\./,
    ],
  ])('is refused as %j', async (more, name, message) => {
    await using tested = await startLambda();
    await tested.create('refusing');
    await expect(
      tested.lambda.putFunctionEventInvokeConfig({ FunctionName: 'refusing', ...more }),
    ).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });
});
