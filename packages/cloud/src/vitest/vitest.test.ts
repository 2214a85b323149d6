import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect } from 'vitest';
import type { Cloud } from '../cloud.ts';
import { createTest, test } from './index.ts';

const put = (cloud: Cloud, name: string) =>
  cloud.client(SSMClient).send(new PutParameterCommand({ Name: name, Value: 'blue', Type: 'String' }));

/** The message with which an expectation fails. */
async function failureOf(expectation: () => unknown): Promise<string> {
  try {
    await expectation();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'it did not fail';
}

describe('the fixture', () => {
  let first: Cloud | undefined;
  test('gives a running cloud with a virtual clock', async ({ cloud }) => {
    first = cloud;
    await put(cloud, '/colour');
    const before = cloud.clock.now.getTime();
    await cloud.clock.advance('2 days');
    expect(cloud.clock.now.getTime() - before).toBe(172_800_000);
  });

  test('gives every test of a file the same cloud', async ({ cloud }) => {
    expect(cloud).toBe(first);
    const { Parameter } = await cloud.client(SSMClient).send(new GetParameterCommand({ Name: '/colour' }));
    expect(Parameter?.Value).toBe('blue');
  });

  const each = createTest({ scope: 'test', now: new Date('2030-01-01T00:00:00Z') });
  const seen: Cloud[] = [];
  each('gives each test its own cloud when asked to', async ({ cloud }) => {
    seen.push(cloud);
    expect(cloud.clock.now.toISOString()).toBe('2030-01-01T00:00:00.000Z');
  });
  each('stops a cloud when its test is done', async ({ cloud }) => {
    const [previous] = seen;
    expect(previous === cloud).toBe(false);
    await expect(fetch(previous?.url ?? '')).rejects.toThrow('fetch failed');
  });

  test('deploys an app once', async ({ deploy, cloud }) => {
    const app = {
      synths: 0,
      synth() {
        this.synths++;
        throw new Error('cannot be synthesized');
      },
    };
    await expect(deploy(app)).rejects.toThrow('cannot be synthesized');
    await expect(deploy(app)).rejects.toThrow('cannot be synthesized');
    expect(app.synths, 'a failed deploy is tried again').toBe(2);
    expect(cloud.url).toMatch(/^http:/);
  });
});

describe('toHaveHop', () => {
  const each = createTest({ scope: 'test' });
  each('finds a hop by its parts, by patterns and by matchers', async ({ cloud }) => {
    await put(cloud, '/colour');
    expect(cloud).toHaveHop({ service: 'ssm', operation: 'PutParameter', outcome: 'ok' });
    expect(cloud.trace).toHaveHop({ resource: /parameter\/colour$/ });
    expect(cloud).toHaveHop({ operation: expect.stringContaining('Parameter') });
    expect(cloud).not.toHaveHop({ service: 'ssm', outcome: 'throttled' });
  });

  each('looks at what led to a hop, however far back', ({ cloud }) => {
    const begin = (cause: number, service: string) =>
      cloud.trace.begin({ cause, service, operation: 'Do', principal: 'p', resource: 'r' });
    const outer = begin(0, 'apigatewayv2');
    const middle = begin(outer.id, 'lambda');
    begin(middle.id, 'dynamodb');
    expect(cloud).toHaveHop({ service: 'dynamodb', causedBy: { service: 'apigatewayv2' } });
    expect(cloud).toHaveHop({
      service: 'dynamodb',
      causedBy: { service: 'lambda', causedBy: { service: 'apigatewayv2' } },
    });
    expect(cloud).not.toHaveHop({ service: 'dynamodb', causedBy: { service: 'sqs' } });
    expect(cloud).not.toHaveHop({ service: 'lambda', causedBy: { service: 'dynamodb' } });
  });

  each('shows the hops that there are when it fails', async ({ cloud }) => {
    expect(await failureOf(() => expect(cloud).toHaveHop({ service: 'sqs' }))).toContain('there are no hops at all');
    await put(cloud, '/colour');
    expect(await failureOf(() => expect(cloud).toHaveHop({ service: /sqs/ }))).toMatch(
      /no hop is like \{"service":"\/sqs\/"\}; there are 1:\n {2}#1 ssm:PutParameter on arn:aws:ssm:.*: ok/,
    );
  });

  each('counts', async ({ cloud }) => {
    await put(cloud, '/a');
    await put(cloud, '/b');
    expect(cloud).toHaveHops(2, { operation: 'PutParameter' });
    expect(cloud).toHaveHops(0, { operation: 'DeleteParameter' });
    expect(await failureOf(() => expect(cloud).toHaveHops(1, { operation: 'PutParameter' }))).toContain(
      '1 hops should be like {"operation":"PutParameter"}, and 2 are:',
    );
  });

  each('says when it is given something else', async () => {
    expect(await failureOf(() => expect({}).toHaveHop({}))).toBe("toHaveHop needs a cloud, or a cloud's trace");
  });
});

describe('toSettle', () => {
  test('passes when nothing runs and nothing is due', async ({ cloud }) => {
    await put(cloud, '/settled');
    await expect(cloud).toSettle();
  });

  test('fails with the list of what is still going on', async () => {
    const stuck = { settle: () => Promise.reject(Object.assign(new Error('Worker runs'), { name: 'SettleError' })) };
    expect(await failureOf(() => expect(stuck).toSettle())).toBe('Worker runs');
    await expect(stuck).not.toSettle();
  });
});
