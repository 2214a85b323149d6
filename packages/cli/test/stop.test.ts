import { setTimeout as after } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { descendantsOf, isRunning } from './processes.ts';
import { appWith, type Running, startSkein } from './running.ts';

const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
  },
};
/** A function that says that it runs and then does not end. */
const code =
  'exports.handler = () => { console.log("running"); return new Promise(() => setInterval(() => {}, 1000)); };';
const TEMPLATE = JSON.stringify({
  Resources: {
    Role: role,
    Endless: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'endless',
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Timeout: 900,
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: { ZipFile: code },
      },
    },
  },
});

/** Starts the app, has the function called, and waits until it runs. Gives all processes that were started. */
async function withRunningFunction(skein: Running): Promise<number[]> {
  const [, url = ''] = await skein.until(/AWS endpoint {2}(http:\S+)/);
  await skein.until(/Ready/);
  const authorization =
    'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=00';
  // It is never answered: the connection breaks when the cloud stops.
  fetch(`${url}/2015-03-31/functions/endless/invocations`, {
    method: 'POST',
    headers: { authorization },
    body: '{}',
  }).catch(() => undefined);
  const events = await fetch(`${url}/_skein/api/events?group=/aws/lambda/endless`);
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; !text.includes('running'); ) text += (await reader?.read())?.value ?? '';
  await reader?.cancel();
  const { pid = 0 } = skein.child;
  return [pid, ...descendantsOf(pid)];
}

/** Those that still run a second later: ends of processes cannot be waited for from outside. */
async function leftOf(processes: readonly number[]): Promise<number[]> {
  for (let tries = 0; tries < 20 && processes.some(isRunning); tries++) await after(50);
  return processes.filter(isRunning);
}

describe.skipIf(process.platform === 'win32')('while a function runs', () => {
  it('Ctrl-C ends it, and leaves no process', async () => {
    using app = appWith({ 'template.json': TEMPLATE });
    using skein = startSkein('dev', app.folder, '--port', '0', '--in-memory');
    const processes = await withRunningFunction(skein);
    expect(processes.length).toBeGreaterThan(1);
    skein.child.kill('SIGINT');
    expect(await skein.ended()).toBe(0);
    expect(await leftOf(processes)).toEqual([]);
  });

  it('kill -9 leaves no process either', async () => {
    using app = appWith({ 'template.json': TEMPLATE });
    using skein = startSkein('dev', app.folder, '--port', '0', '--in-memory');
    const processes = await withRunningFunction(skein);
    skein.child.kill('SIGKILL');
    await skein.ended();
    expect(await leftOf(processes)).toEqual([]);
  });
});
