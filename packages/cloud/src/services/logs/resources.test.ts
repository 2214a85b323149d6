import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../cloud.ts';
import { deployTemplate } from '../../deploy/test/deployTemplate.ts';

let cloud: Cloud;
let logs: CloudWatchLogsClient;

beforeEach(async () => {
  cloud = await startCloud({ clock: 'virtual' });
  logs = cloud.client(CloudWatchLogsClient);
});

afterEach(async () => {
  logs.destroy();
  await cloud[Symbol.asyncDispose]();
});

const deploy = (Resources: object, Outputs: object = {}) => deployTemplate(cloud, { Resources, Outputs });

const group = (Properties: object) => ({ Log: { Type: 'AWS::Logs::LogGroup', Properties } });
const groups = async () => (await logs.send(new DescribeLogGroupsCommand({}))).logGroups;

it('makes a log group, changes it in place, and deletes it', async () => {
  const outputs = { Arn: { Value: { 'Fn::GetAtt': ['Log', 'Arn'] } }, Name: { Value: { Ref: 'Log' } } };
  const first = await deploy(group({ RetentionInDays: '7', Tags: [{ Key: 'a', Value: '1' }] }), outputs);
  const name = first.outputs['Name'];
  expect(name).toMatch(/^shop-Log-\w{12}$/);
  expect(first.outputs['Arn']).toBe(`arn:aws:logs:us-east-1:000000000000:log-group:${name}:*`);
  expect(await groups()).toMatchObject([{ logGroupName: name, retentionInDays: 7 }]);
  const second = await deploy(group({ Tags: [{ Key: 'b', Value: '2' }] }), outputs);
  expect(second.outputs['Name']).toBe(name);
  expect((await groups())?.[0]).not.toHaveProperty('retentionInDays');
  const resourceArn = `arn:aws:logs:us-east-1:000000000000:log-group:${name}`;
  expect((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ b: '2' });
  await second.delete();
  expect(await groups()).toEqual([]);
});

it('keeps a log group that the template retains', async () => {
  const resources = group({ LogGroupName: '/kept' });
  const app = await deploy({ Log: { ...resources.Log, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' } });
  await app.delete();
  expect(await groups()).toMatchObject([{ logGroupName: '/kept' }]);
});

it('makes a stream in it', async () => {
  const app = await deploy({
    ...group({ LogGroupName: '/app' }),
    Stream: { Type: 'AWS::Logs::LogStream', Properties: { LogGroupName: { Ref: 'Log' }, LogStreamName: 'main' } },
  });
  expect(app.resource('Stream')).toBe('main');
  const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: '/app' }));
  expect(logStreams).toMatchObject([{ logStreamName: 'main' }]);
});
