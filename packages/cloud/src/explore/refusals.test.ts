import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotRepeatableError } from './errors.ts';
import { type ExploreTest, explore } from './explore.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'skein-refusals-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function appOf(code: string, runtime = 'nodejs24.x'): string {
  const app = join(folder, 'app.json');
  const Role = {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
    },
  };
  const Work = {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: runtime,
      Handler: 'index.handler',
      Timeout: 1,
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Code: { ZipFile: code },
    },
  };
  writeFileSync(app, JSON.stringify({ Resources: { Role, Work } }));
  return app;
}

/** The test passes whatever the function does: only the search can say that this means nothing. */
const passes: ExploreTest = async ({ app, cloud }) => {
  const lambda = cloud.client(LambdaClient);
  await lambda.send(new InvokeCommand({ FunctionName: app.resource('Work') }));
  lambda.destroy();
};

const refusalOf = (code: string, runtime?: string): Promise<unknown> =>
  explore('works', { app: appOf(code, runtime), failures: false, schedules: 3 }, passes).then(
    () => 'passed',
    (error: unknown) => error,
  );

describe('explore() never says passed of what it cannot repeat', { timeout: 60_000 }, () => {
  it.each([
    [
      'starts a child process',
      "exports.handler = async () => require('node:child_process').execFileSync('true').length;",
      /started a child process/,
    ],
    ['computes for ever', 'exports.handler = async () => { for (;;) ; };', /computed for \d+ ms/],
    [
      'never becomes quiet',
      'exports.handler = () => { const turn = () => setImmediate(turn); turn(); return new Promise(() => undefined); };',
      /computed for \d+ ms/,
    ],
  ])('a function that %s', async (_, code, reason) => {
    const refusal = await refusalOf(code);
    expect(refusal).toBeInstanceOf(NotRepeatableError);
    expect(refusal).toMatchObject({
      message: expect.stringMatching(/^'works' is not repeatable \(seed 1\): /),
      reason: expect.stringMatching(reason),
      remedy: expect.stringMatching(/\w/),
    });
  });

  it('a function in another language', async () => {
    const refusal = await refusalOf('def handler(event, context): return 1', 'python3.13');
    expect(refusal).toMatchObject({ message: expect.stringMatching(/python3\.13/) });
  });

  it('a function that sends a datagram', async () => {
    const refusal = await refusalOf(
      "exports.handler = () => new Promise((done) => { const socket = require('node:dgram').createSocket('udp4'); socket.send('x', 9, '127.0.0.1', () => { socket.close(); done(1); }); });",
    );
    expect(refusal).toMatchObject({ name: 'NotRepeatableError', reason: expect.stringContaining('sent a datagram') });
  });

  it('a function that talks to a server beside the cloud', async () => {
    const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo; // of a server that listens on TCP
    const refusal = await refusalOf(`exports.handler = async () => (await fetch('http://127.0.0.1:${port}/')).text();`);
    server.close();
    expect(refusal).toMatchObject({
      name: 'NotRepeatableError',
      reason: expect.stringContaining(`opened a connection to 127.0.0.1:${port}`),
    });
  });
});
