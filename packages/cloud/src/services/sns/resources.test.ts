import { afterEach, beforeEach, expect, it } from 'vitest';
import { deployTemplate } from '../../deploy/test/deployTemplate.ts';
import { type SnsCloud, startSns } from './test/snsCloud.ts';

let test: SnsCloud;
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:queue';

beforeEach(async () => {
  test = await startSns();
});

afterEach(async () => {
  await test[Symbol.asyncDispose]();
});

const deploy = (topic: object, subscription: object, policy: object = {}) => {
  return deployTemplate(test.cloud, {
    Resources: {
      Topic: { Type: 'AWS::SNS::Topic', Properties: topic },
      Worker: {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'sqs', Endpoint: QUEUE, ...subscription },
      },
      ...policy,
    },
    Outputs: {
      Arn: { Value: { Ref: 'Topic' } },
      Name: { Value: { 'Fn::GetAtt': ['Topic', 'TopicName'] } },
      Same: { Value: { 'Fn::GetAtt': ['Topic', 'TopicArn'] } },
      Subscription: { Value: { Ref: 'Worker' } },
    },
  });
};

it('makes a topic with its subscriptions, changes them in place, and deletes them', async () => {
  const policy = {
    Policy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: { Topics: [{ Ref: 'Topic' }], PolicyDocument: { Version: '2012-10-17', Statement: [] } },
    },
  };
  const inline = { Protocol: 'lambda', Endpoint: 'arn:aws:lambda:us-east-1:000000000000:function:f' };
  const first = await deploy(
    { DisplayName: 'a', Subscription: [inline] },
    { RawMessageDelivery: 'true', FilterPolicy: { a: ['x'] } },
    policy,
  );
  const { Arn: TopicArn = '', Name, Same, Subscription: SubscriptionArn = '' } = first.outputs;
  expect(Name).toMatch(/^shop-Topic-\w{12}$/);
  expect(Same).toBe(TopicArn);
  expect((await test.sns.listSubscriptionsByTopic({ TopicArn })).Subscriptions).toHaveLength(2);
  const attributes = async () => (await test.sns.getTopicAttributes({ TopicArn })).Attributes ?? {};
  const subscribed = async () => (await test.sns.getSubscriptionAttributes({ SubscriptionArn })).Attributes ?? {};
  expect(JSON.parse((await attributes())['Policy'] ?? '')).toEqual({ Version: '2012-10-17', Statement: [] });
  expect(await subscribed()).toMatchObject({ RawMessageDelivery: 'true', FilterPolicy: '{"a":["x"]}' });

  const second = await deploy(
    { DisplayName: 'b' },
    { FilterPolicy: { a: { b: ['x'] } }, FilterPolicyScope: 'MessageBody' },
  );
  expect(second.outputs).toMatchObject({ Arn: TopicArn, Subscription: SubscriptionArn });
  expect(await attributes()).toMatchObject({ DisplayName: 'b', SubscriptionsConfirmed: '1' });
  expect(JSON.parse((await attributes())['Policy'] ?? '')).toMatchObject({ Id: '__default_policy_ID' });
  expect(await subscribed()).toMatchObject({
    RawMessageDelivery: 'false',
    FilterPolicy: '{"a":{"b":["x"]}}',
    FilterPolicyScope: 'MessageBody',
  });
  await second.delete();
  expect((await test.sns.listTopics({})).Topics).toEqual([]);
  expect((await test.sns.listSubscriptions({})).Subscriptions).toEqual([]);
});

it('gives a FIFO topic a name that says so', async () => {
  const { outputs } = await deploy(
    { FifoTopic: 'true', ContentBasedDeduplication: true },
    { Endpoint: `${QUEUE}.fifo` },
  );
  expect(outputs['Name']).toMatch(/^shop-Topic-\w{12}\.fifo$/);
});
