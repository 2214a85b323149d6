import { PublishBatchCommand } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SnsCloud, startSns } from './test/snsCloud.ts';

let test: SnsCloud;
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:orders';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:queue';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:worker';

beforeEach(async () => {
  test = await startSns();
});

afterEach(() => test[Symbol.asyncDispose]());

const attributesOf = async (TopicArn = TOPIC) => (await test.sns.getTopicAttributes({ TopicArn })).Attributes ?? {};
const subscribe = async (Attributes: Record<string, string> = {}, Endpoint = QUEUE, Protocol = 'sqs') =>
  (await test.sns.subscribe({ TopicArn: TOPIC, Protocol, Endpoint, Attributes })).SubscriptionArn ?? '';

describe('topics', () => {
  it('are described as AWS describes them', async () => {
    expect(await test.topic()).toBe(TOPIC);
    const { Policy = '', EffectiveDeliveryPolicy = '', ...attributes } = await attributesOf();
    expect(attributes).toEqual({
      DisplayName: '',
      Owner: '000000000000',
      SubscriptionsConfirmed: '0',
      SubscriptionsDeleted: '0',
      SubscriptionsPending: '0',
      TopicArn: TOPIC,
    });
    expect(JSON.parse(Policy)).toMatchObject({ Version: '2008-10-17', Id: '__default_policy_ID' });
    expect(JSON.parse(EffectiveDeliveryPolicy)).toMatchObject({
      http: { defaultHealthyRetryPolicy: { numRetries: 3, minDelayTarget: 20 } },
    });
  });

  it('are the same when they are created again, and refuse to be others', async () => {
    await test.sns.createTopic({ Name: 'orders', Attributes: { DisplayName: 'a' }, Tags: [{ Key: 'k', Value: 'v' }] });
    expect(await test.topic()).toBe(TOPIC);
    await expect(test.topic('orders', { DisplayName: 'b' })).rejects.toThrow(
      'Invalid parameter: Attributes Reason: Topic already exists with different attributes',
    );
    const Tags = [{ Key: 'k', Value: 'w' }];
    await expect(test.sns.createTopic({ Name: 'orders', Tags })).rejects.toThrow(
      'Invalid parameter: Tags Reason: Topic already exists with different tags',
    );
  });

  it.each(['', 'a b', 'x.fifo', 'a'.repeat(257)])('have no name %j', async (Name) => {
    await expect(test.sns.createTopic({ Name })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid parameter: Topic Name',
    });
  });

  it('are listed page by page, and gone when they are deleted, twice if need be', async () => {
    for (let n = 100; n <= 200; n++) await test.topic(`t${n}`);
    const first = await test.sns.listTopics({});
    expect(first.Topics).toHaveLength(100);
    const second = await test.sns.listTopics({ NextToken: first.NextToken });
    expect(second).toMatchObject({ Topics: [{ TopicArn: expect.stringMatching(/t200$/) }] });
    const TopicArn = second.Topics?.[0]?.TopicArn;
    await test.sns.deleteTopic({ TopicArn });
    await test.sns.deleteTopic({ TopicArn });
    await expect(test.sns.getTopicAttributes({ TopicArn })).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Topic does not exist',
    });
    await expect(test.sns.getTopicAttributes({ TopicArn: 'x' })).rejects.toThrow(
      'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1',
    );
    await expect(test.sns.getTopicAttributes({ TopicArn: 'arn:aws:sns:eu-west-1:1:a' })).rejects.toThrow(
      'Invalid parameter: TopicArn',
    );
  });

  it('have tags', async () => {
    const ResourceArn = await test.topic();
    await test.sns.tagResource({
      ResourceArn,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
    await test.sns.untagResource({ ResourceArn, TagKeys: ['a'] });
    expect((await test.sns.listTagsForResource({ ResourceArn })).Tags).toEqual([{ Key: 'b', Value: '2' }]);
    await expect(test.sns.listTagsForResource({ ResourceArn: `${ResourceArn}x` })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('have a policy, statement by statement', async () => {
    const TopicArn = await test.topic();
    const grant = { TopicArn, Label: 'l', AWSAccountId: ['111111111111'], ActionName: ['Publish'] };
    await test.sns.addPermission(grant);
    expect(JSON.parse((await attributesOf())['Policy'] ?? '').Statement).toMatchObject([
      { Sid: '__default_statement_ID' },
      { Sid: 'l', Principal: { AWS: 'arn:aws:iam::111111111111:root' }, Action: 'SNS:Publish', Resource: TOPIC },
    ]);
    await expect(test.sns.addPermission(grant)).rejects.toThrow('Statement already exists');
    await expect(test.sns.addPermission({ ...grant, Label: 'm', ActionName: ['Fly'] })).rejects.toThrow(
      'Policy statement action out of service scope!',
    );
    await test.sns.removePermission({ TopicArn, Label: 'l' });
    expect(JSON.parse((await attributesOf())['Policy'] ?? '').Statement).toHaveLength(1);
  });

  it('refuse data protection by name', async () => {
    const ResourceArn = await test.topic();
    await expect(test.sns.putDataProtectionPolicy({ ResourceArn, DataProtectionPolicy: '{}' })).rejects.toMatchObject({
      name: 'NotImplemented',
    });
    await expect(test.sns.createTopic({ Name: 'x', DataProtectionPolicy: '{}' })).rejects.toThrow(
      'Skein does not support the topic attribute DataProtectionPolicy',
    );
  });
});

describe('subscriptions', () => {
  beforeEach(() => test.topic());

  it('are there once for an endpoint', async () => {
    const arn = await subscribe({ RawMessageDelivery: 'true' });
    expect(arn).toMatch(new RegExp(`^${TOPIC}:[0-9a-f-]{36}$`));
    expect(await subscribe()).toBe(arn);
    await expect(subscribe({ RawMessageDelivery: 'false' })).rejects.toThrow(
      'Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
    );
    const { Attributes } = await test.sns.getSubscriptionAttributes({ SubscriptionArn: arn });
    expect(Attributes).toEqual({
      ConfirmationWasAuthenticated: 'true',
      Endpoint: QUEUE,
      Owner: '000000000000',
      PendingConfirmation: 'false',
      Protocol: 'sqs',
      RawMessageDelivery: 'true',
      SubscriptionArn: arn,
      SubscriptionPrincipal: 'arn:aws:iam::000000000000:root',
      TopicArn: TOPIC,
    });
    await test.sns.unsubscribe({ SubscriptionArn: arn });
    await test.sns.unsubscribe({ SubscriptionArn: arn });
    expect(await attributesOf()).toMatchObject({ SubscriptionsConfirmed: '0', SubscriptionsDeleted: '1' });
  });

  it.each([
    ['pigeon', 'x', 'Invalid parameter: Amazon SNS does not support this protocol string: pigeon'],
    ['sqs', 'http://127.0.0.1/queue', 'Invalid parameter: SQS endpoint ARN'],
    ['sqs', `${QUEUE}.fifo`, 'FIFO SQS Queues can not be subscribed to standard SNS topics'],
    ['sms', '+15--551234567', 'Invalid SMS endpoint: +15--551234567'],
    ['application', 'arn:aws:sns:us-east-1:000000000000:endpoint/x', 'Skein does not support mobile push'],
  ])('of %s refuse %s', async (Protocol, Endpoint, message) => {
    await expect(subscribe({}, Endpoint, Protocol)).rejects.toThrow(message);
  });

  it.each([
    ['Fake', 'x', 'Invalid parameter: AttributeName'],
    ['RawMessageDelivery', 'x', 'RawMessageDelivery: Invalid value [x]. Must be true or false.'],
    ['RedrivePolicy', '{"deadLetterTargetArn":"x"}', 'RedrivePolicy: deadLetterTargetArn is an invalid arn'],
    ['RedrivePolicy', '{invalid', "RedrivePolicy: failed to parse JSON. Unexpected character ('i' (code 105))"],
    ['FilterPolicyScope', 'x', 'FilterPolicyScope: Invalid value [x]. Please use either MessageBody or'],
    ['FilterPolicy', '{"a":{"b":["c"]}}', 'Filter policy scope MessageAttributes does not support nested'],
    ['FilterPolicy', '{"a":[]}', 'Invalid parameter: FilterPolicy: Empty arrays are not allowed'],
    ['FilterPolicy', '{invalid}', 'Invalid parameter: FilterPolicy: failed to parse JSON. Unexpected character'],
    [
      'FilterPolicy',
      JSON.stringify(Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [key, ['x']]))),
      'FilterPolicy: Filter policy can not have more than 5 keys',
    ],
    ['FilterPolicy', JSON.stringify({ a: Array(151).fill('x') }), 'FilterPolicy: Filter policy is too complex'],
  ])('refuse the attribute %s %s', async (AttributeName, AttributeValue, message) => {
    const SubscriptionArn = await subscribe();
    const set = test.sns.setSubscriptionAttributes({ SubscriptionArn, AttributeName, AttributeValue });
    await expect(set).rejects.toThrow(message);
  });

  it('of another account are asked whether they want to be', async () => {
    const Endpoint = 'arn:aws:sqs:us-east-1:111111111111:theirs';
    expect(await subscribe({}, Endpoint)).toBe('pending confirmation');
    expect(await attributesOf()).toMatchObject({ SubscriptionsPending: '1' });
  });

  it.each([
    ['x', 'SubscriptionArn Reason: An ARN must have at least 6 elements, not 1'],
    [`${TOPIC}:x`, 'Invalid parameter: SubscriptionId'],
  ])('are not removed by %s', async (SubscriptionArn, message) => {
    await expect(test.sns.unsubscribe({ SubscriptionArn })).rejects.toThrow(message);
  });
});

describe('what is published', () => {
  beforeEach(() => test.topic());

  const publish = (input: object) => test.sns.publish({ TopicArn: TOPIC, Message: 'm', ...input });
  const attribute = (value: object, name = 'attr1') => ({ MessageAttributes: { [name]: value } });

  it.each<[string, object, string]>([
    ['no message', { Message: '' }, 'Invalid parameter: Empty message'],
    ['an empty subject', { Subject: '' }, 'Invalid parameter: Subject'],
    ['a long message', { Message: 'x'.repeat(262_145) }, 'Invalid parameter: Message too long'],
    ['no JSON', { MessageStructure: 'json' }, 'Message Structure - JSON message body failed to parse'],
    ['no default', { MessageStructure: 'json', Message: '{"sqs":"x"}' }, 'Message Structure - No default entry in'],
    ['an id of FIFO', { MessageDeduplicationId: 'x' }, 'MessageDeduplicationId Reason: The request includes'],
    ['another topic', { TopicArn: `${TOPIC}x` }, 'Topic does not exist'],
    ['an odd type', attribute({ DataType: 'Odd', StringValue: 'x' }), "'attr1' has an invalid message attribute type"],
    ['no value', attribute({ DataType: 'String', StringValue: '' }), 'must contain non-empty message attribute value'],
    ['the wrong field', attribute({ DataType: 'Binary', StringValue: 'x' }), "must use field 'Binary'"],
    ['an odd name', attribute({ DataType: 'String', StringValue: 'x' }, 'a^b'), "character '#x5E' was found"],
    ['a phone that is none', { TopicArn: undefined, PhoneNumber: '+1a234' }, '+1a234 is not valid to publish to'],
  ])('is refused with %s', async (_, input, message) => {
    await expect(publish(input)).rejects.toThrow(message);
  });

  it('in a batch fails entry by entry, or as a whole', async () => {
    const batch = (entries: object[]) =>
      test.sns.send(
        new PublishBatchCommand({
          TopicArn: TOPIC,
          PublishBatchRequestEntries: entries as { Id: string; Message: string }[],
        }),
      );
    expect(
      await batch([
        { Id: 'a', Message: 'x' },
        { Id: 'b', Message: '' },
      ]),
    ).toMatchObject({
      Successful: [{ Id: 'a', MessageId: expect.any(String) }],
      Failed: [{ Id: 'b', Code: 'InvalidParameter', SenderFault: true }],
    });
    await expect(batch([])).rejects.toMatchObject({ name: 'EmptyBatchRequestException' });
    await expect(batch([{ Id: 'a.b', Message: 'x' }])).rejects.toThrow('contains an impermissible character: a.b');
    await expect(
      batch([
        { Id: 'a', Message: 'x' },
        { Id: 'a', Message: 'y' },
      ]),
    ).rejects.toMatchObject({
      name: 'BatchEntryIdsNotDistinctException',
    });
    const eleven = Array.from({ length: 11 }, (_, n) => ({ Id: String(n), Message: 'x' }));
    await expect(batch(eleven)).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequestException' });
    const large = ['a', 'b'].map((Id) => ({ Id, Message: 'x'.repeat(200_000) }));
    await expect(batch(large)).rejects.toMatchObject({ name: 'BatchRequestTooLongException' });
  });

  it('goes to those alone whose filters match', async () => {
    const subscribed = async (name: string, filter: object, scope = 'MessageAttributes') =>
      subscribe({ FilterPolicy: JSON.stringify(filter), FilterPolicyScope: scope }, `${FUNCTION}-${name}`, 'lambda');
    await subscribed('large', { size: [{ numeric: ['>', 5] }] });
    await subscribed('red', { colours: ['red'] });
    await subscribed('none', { size: [null] });
    await subscribed('body', { order: { kind: [{ prefix: 'ex' }] } }, 'MessageBody');
    const Message = JSON.stringify({ order: { kind: 'express' } });
    await publish({ Message, ...attribute({ DataType: 'Number', StringValue: '7' }, 'size') });
    await publish({ ...attribute({ DataType: 'String.Array', StringValue: '["red","blue"]' }, 'colours') });
    await test.cloud.settle();
    const sent = test.cloud.trace.all().filter(({ operation }) => operation === 'Deliver');
    const byCause = Map.groupBy(sent, ({ cause }) => cause);
    const targets = [...byCause.values()].map((hops) =>
      hops.map(({ target = '' }) => target.slice(FUNCTION.length + 1)).sort(),
    );
    expect(targets).toEqual([
      ['body', 'large'],
      ['none', 'red'],
    ]);
    expect(new Set(sent.map(({ outcome }) => outcome))).toEqual(new Set(['ResourceNotFoundException']));
  });
});

describe('a FIFO topic', () => {
  it('numbers messages, and forgets a duplicate for five minutes', async () => {
    const TopicArn = await test.topic('orders.fifo', { FifoTopic: 'true', ContentBasedDeduplication: 'true' });
    const publish = (Message: string) => test.sns.publish({ TopicArn, Message, MessageGroupId: 'g' });
    const first = await publish('a');
    expect(first.SequenceNumber).toBe('10000000000000000001');
    expect(await publish('a')).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
    expect((await publish('b')).SequenceNumber).toBe('10000000000000000002');
    await test.cloud.clock.advance('5 minutes');
    expect((await publish('a')).MessageId).not.toBe(first.MessageId);
    expect(await attributesOf(TopicArn)).toMatchObject({ FifoTopic: 'true', ContentBasedDeduplication: 'true' });
  });

  it('needs a group and an id', async () => {
    const TopicArn = await test.topic('orders.fifo', { FifoTopic: 'true' });
    await expect(test.sns.publish({ TopicArn, Message: 'a' })).rejects.toThrow(
      'Invalid parameter: The MessageGroupId parameter is required for FIFO topics',
    );
    await expect(test.sns.publish({ TopicArn, Message: 'a', MessageGroupId: 'g' })).rejects.toThrow(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: QUEUE });
    const subscribing = test.sns.subscribe({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: `${QUEUE}.fifo`,
      Attributes: { RedrivePolicy },
    });
    await expect(subscribing).rejects.toThrow('RedrivePolicy: must use a FIFO queue as DLQ');
  });
});
