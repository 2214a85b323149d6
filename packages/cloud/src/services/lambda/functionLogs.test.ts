import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LambdaCloud, startLambda } from './test/lambda.ts';

let tested: LambdaCloud;
let logs: CloudWatchLogs;
beforeAll(async () => {
  tested = await startLambda();
  logs = tested.cloud.client(CloudWatchLogs);
});
afterAll(async () => {
  logs.destroy();
  await tested[Symbol.asyncDispose]();
});

const SPEAKING = 'exports.handler = async (word) => console.log(word);';

/** What a group holds, when everything has settled. */
async function linesOf(logGroupName: string): Promise<string[]> {
  await tested.cloud.settle();
  const { events = [] } = await logs.filterLogEvents({ logGroupName });
  return events.map(({ message = '' }) => message);
}

describe('what a function writes', () => {
  it('is in its log group, in order, between START and REPORT', async () => {
    await tested.create('speaks', SPEAKING);
    await tested.call('speaks', 'hello');
    const lines = await linesOf('/aws/lambda/speaks');
    expect(lines.map((line) => line.split(/[\s:]/)[0])).toEqual([
      'INIT_START',
      'START',
      expect.stringMatching(/^\d{4}-/),
      'END',
      'REPORT',
    ]);
    expect(lines[2]).toMatch(/\tINFO\thello\n?$/);
    const { logStreams } = await logs.describeLogStreams({ logGroupName: '/aws/lambda/speaks' });
    expect(logStreams?.map(({ logStreamName }) => logStreamName)).toEqual([
      expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
    ]);
  });

  it('goes to the group that its configuration names', async () => {
    await tested.create('elsewhere', SPEAKING, { LoggingConfig: { LogGroup: '/shop' } });
    await tested.call('elsewhere', 'hello');
    expect((await linesOf('/shop')).join('')).toContain('hello');
  });

  it('makes a group again that was deleted', async () => {
    await tested.create('again', SPEAKING);
    await tested.call('again', 'first');
    await linesOf('/aws/lambda/again');
    await logs.deleteLogGroup({ logGroupName: '/aws/lambda/again' });
    await tested.call('again', 'second');
    const text = (await linesOf('/aws/lambda/again')).join('');
    expect([text.includes('first'), text.includes('second')]).toEqual([false, true]);
  });

  it('is no hop', async () => {
    await tested.create('quiet', SPEAKING);
    await tested.call('quiet', 'hello');
    await tested.cloud.settle();
    expect(
      tested.cloud.trace.all().filter(({ service, operation }) => service === 'logs' && operation === 'PutLogEvents'),
    ).toEqual([]);
  });
});
