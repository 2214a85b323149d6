import {
  DescribeParametersCommand,
  GetParameterCommand,
  ListTagsForResourceCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../cloud.ts';
import { deployTemplate } from '../../deploy/test/deployTemplate.ts';

let cloud: Cloud;
let ssm: SSMClient;

beforeEach(async () => {
  cloud = await startCloud({ clock: 'virtual' });
  ssm = cloud.client(SSMClient);
});

afterEach(async () => {
  ssm.destroy();
  await cloud[Symbol.asyncDispose]();
});

const deploy = (Properties: object) => {
  return deployTemplate(cloud, {
    Resources: { Limit: { Type: 'AWS::SSM::Parameter', Properties } },
    Outputs: {
      Name: { Value: { Ref: 'Limit' } },
      Value: { Value: { 'Fn::GetAtt': ['Limit', 'Value'] } },
      Type: { Value: { 'Fn::GetAtt': ['Limit', 'Type'] } },
    },
  });
};

const get = async (Name = '') => (await ssm.send(new GetParameterCommand({ Name }))).Parameter;

it('makes a parameter, gives it a new version, and deletes it', async () => {
  const first = await deploy({ Type: 'String', Value: 5, Description: 'how many', Tags: { a: '1' } });
  const { Name: name = '' } = first.outputs;
  expect(name).toMatch(/^shop-Limit-\w{12}$/);
  expect(first.outputs).toMatchObject({ Value: '5', Type: 'String' });
  const second = await deploy({ Type: 'String', Value: '6', Tags: { b: '2' } });
  expect(second.outputs).toMatchObject({ Name: name, Value: '6' });
  expect(await get(name)).toMatchObject({ Value: '6', Version: 2 });
  const { TagList } = await ssm.send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: name }));
  expect(TagList).toEqual([{ Key: 'b', Value: '2' }]);
  await second.delete();
  expect((await ssm.send(new DescribeParametersCommand({}))).Parameters).toEqual([]);
});

it('replaces a parameter whose name changes', async () => {
  await deploy({ Name: '/a', Type: 'StringList', Value: 'x,y' });
  await deploy({ Name: '/b', Type: 'StringList', Value: 'x,y' });
  expect((await ssm.send(new DescribeParametersCommand({}))).Parameters).toMatchObject([{ Name: '/b', Version: 1 }]);
});
