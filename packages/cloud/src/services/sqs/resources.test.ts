import { SQS } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../cloud.ts';
import { deployTemplate } from '../../deploy/test/deployTemplate.ts';

let cloud: Cloud;
let sqs: SQS;

beforeEach(async () => {
  cloud = await startCloud({ clock: 'virtual' });
  sqs = cloud.client(SQS);
});

afterEach(async () => {
  sqs.destroy();
  await cloud[Symbol.asyncDispose]();
});

const deploy = (Resources: object, Outputs: object = {}) => deployTemplate(cloud, { Resources, Outputs });

const queue = (Properties: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties });

const outputs = {
  Ref: { Value: { Ref: 'Orders' } },
  Arn: { Value: { 'Fn::GetAtt': ['Orders', 'Arn'] } },
  QueueName: { Value: { 'Fn::GetAtt': ['Orders', 'QueueName'] } },
  QueueUrl: { Value: { 'Fn::GetAtt': ['Orders', 'QueueUrl'] } },
};

const attributes = async (QueueUrl: string | undefined) =>
  (await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] })).Attributes;

const policyOf = async (QueueUrl: string | undefined) => (await attributes(QueueUrl))?.Policy;

it('makes a queue with a name of its own, and gives its attributes', async () => {
  const app = await deploy({ Orders: queue() }, outputs);
  const { Ref, Arn, QueueName, QueueUrl } = app.outputs;
  expect(QueueName).toMatch(/^shop-Orders-[A-Za-z0-9]{12}$/);
  expect([Ref, QueueUrl]).toEqual([`${cloud.url}/000000000000/${QueueName}`, Ref]);
  expect(Arn).toBe(`arn:aws:sqs:us-east-1:000000000000:${QueueName}`);
  expect(await attributes(Ref)).toMatchObject({ VisibilityTimeout: '30', MessageRetentionPeriod: '345600' });
});

it('takes every property, as numbers or as text', async () => {
  const app = await deploy(
    {
      Letters: queue({ QueueName: 'letters.fifo', FifoQueue: true }),
      Orders: queue({
        FifoQueue: 'true',
        ContentBasedDeduplication: true,
        DeduplicationScope: 'messageGroup',
        FifoThroughputLimit: 'perMessageGroupId',
        DelaySeconds: '13',
        KmsDataKeyReusePeriodSeconds: 200,
        KmsMasterKeyId: 'alias/aws/sqs',
        MaximumMessageSize: 3232,
        MessageRetentionPeriod: 13_425,
        ReceiveMessageWaitTimeSeconds: 15,
        VisibilityTimeout: 42,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Letters', 'Arn'] }, maxReceiveCount: 7 },
        RedriveAllowPolicy: { redrivePermission: 'denyAll' },
        Tags: [{ Key: 'Department', Value: 'Finance' }],
      }),
    },
    outputs,
  );
  expect(app.outputs['QueueName']).toMatch(/\.fifo$/);
  expect(await attributes(app.outputs['Ref'])).toMatchObject({
    ContentBasedDeduplication: 'true',
    DeduplicationScope: 'messageGroup',
    DelaySeconds: '13',
    FifoQueue: 'true',
    FifoThroughputLimit: 'perMessageGroupId',
    KmsDataKeyReusePeriodSeconds: '200',
    KmsMasterKeyId: 'alias/aws/sqs',
    MaximumMessageSize: '3232',
    MessageRetentionPeriod: '13425',
    ReceiveMessageWaitTimeSeconds: '15',
    RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:letters.fifo","maxReceiveCount":7}',
    RedriveAllowPolicy: '{"redrivePermission":"denyAll"}',
    SqsManagedSseEnabled: 'false',
    VisibilityTimeout: '42',
  });
  const { Tags } = await sqs.listQueueTags({ QueueUrl: app.outputs['Ref'] });
  expect(Tags).toMatchObject({ Department: 'Finance', 'aws:cloudformation:stack-name': 'shop' });
});

it('changes a queue in place, and puts back what a template no longer says', async () => {
  const first = await deploy(
    { Orders: queue({ VisibilityTimeout: 45, DelaySeconds: 17, Tags: [{ Key: 'a', Value: '1' }] }) },
    outputs,
  );
  await sqs.sendMessage({ QueueUrl: first.outputs['Ref'], MessageBody: 'kept', DelaySeconds: 0 });
  const second = await deploy({ Orders: queue({ VisibilityTimeout: 46, Tags: [{ Key: 'b', Value: '2' }] }) }, outputs);
  expect(second.outputs).toEqual(first.outputs);
  expect(await attributes(second.outputs['Ref'])).toMatchObject({
    VisibilityTimeout: '46',
    DelaySeconds: '0',
    ApproximateNumberOfMessages: '1',
  });
  const { Tags = {} } = await sqs.listQueueTags({ QueueUrl: second.outputs['Ref'] });
  expect(Tags).toMatchObject({ b: '2' });
  expect(Tags).not.toHaveProperty('a');
});

it('replaces a queue whose name changes, and makes it again under a name that was just given up', async () => {
  const first = await deploy({ Orders: queue({ QueueName: 'one' }) }, outputs);
  await deploy({ Orders: queue({ QueueName: 'two' }) }, outputs);
  await expect(attributes(first.outputs['Ref'])).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  const third = await deploy({ Orders: queue({ QueueName: 'one' }) }, outputs);
  expect(await attributes(third.outputs['Ref'])).toMatchObject({ ApproximateNumberOfMessages: '0' });
});

const policy = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action, Resource: '*' }],
});

it('gives queues a policy, changes it, and takes it away', async () => {
  const queues = { One: queue({ QueueName: 'one' }), Two: queue({ QueueName: 'two' }) };
  const queuePolicy = (action: string, ...names: string[]) => ({
    Type: 'AWS::SQS::QueuePolicy',
    Properties: { PolicyDocument: policy(action), Queues: names.map((Ref) => ({ Ref })) },
  });
  const [one, two] = ['one', 'two'].map((name) => `${cloud.url}/000000000000/${name}`);
  await deploy({ ...queues, Policy: queuePolicy('sqs:SendMessage', 'One', 'Two') });
  expect([await policyOf(one), await policyOf(two)]).toEqual(Array(2).fill(JSON.stringify(policy('sqs:SendMessage'))));
  await deploy({ ...queues, Policy: queuePolicy('sqs:*', 'One') });
  expect([await policyOf(one), await policyOf(two)]).toEqual([JSON.stringify(policy('sqs:*')), undefined]);
  await deploy(queues);
  expect(await policyOf(one)).toBeUndefined();
});

it('gives a queue an inline policy, changes it, and takes it away', async () => {
  const Orders = queue({ QueueName: 'orders' });
  const inline = (action: string) => ({
    Type: 'AWS::SQS::QueueInlinePolicy',
    Properties: { PolicyDocument: policy(action), Queue: { Ref: 'Orders' } },
  });
  const url = `${cloud.url}/000000000000/orders`;
  await deploy({ Orders, Policy: inline('sqs:SendMessage') });
  expect(await policyOf(url)).toBe(JSON.stringify(policy('sqs:SendMessage')));
  await deploy({ Orders, Policy: inline('sqs:*') });
  expect(await policyOf(url)).toBe(JSON.stringify(policy('sqs:*')));
  await deploy({ Orders });
  expect(await policyOf(url)).toBeUndefined();
});
