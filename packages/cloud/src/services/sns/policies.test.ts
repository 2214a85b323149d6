import { EventBridge } from '@aws-sdk/client-eventbridge';
import { Lambda } from '@aws-sdk/client-lambda';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../index.ts';
import { zipOf } from '../lambda/test/zip.ts';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:told';
const QUEUES = 'arn:aws:sqs:us-east-1:000000000000';

let cloud: Cloud;
let sns: SNS;
let sqs: SQS;
let events: EventBridge;
beforeEach(async () => {
  cloud = await startCloud({ clock: 'virtual', seed: 1 });
  sns = cloud.client(SNS);
  sqs = cloud.client(SQS);
  events = cloud.client(EventBridge);
  await sns.createTopic({ Name: 'told' });
  await sqs.createQueue({ QueueName: 'inbox' });
  await sqs.createQueue({ QueueName: 'dead' });
});
afterEach(async () => {
  for (const client of [sns, sqs, events]) client.destroy();
  await cloud.stop();
});

const urlOf = (name: string) => `${cloud.url}/000000000000/${name}`;

async function letters(queue: string) {
  const { Messages = [] } = await sqs.receiveMessage({
    ...{ QueueUrl: urlOf(queue), MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] },
  });
  return Messages.map(({ Body, MessageAttributes = {} }) => ({
    body: Body,
    code: MessageAttributes['ERROR_CODE']?.StringValue,
  }));
}

const subscribe = (Attributes: Record<string, string> = {}) =>
  sns.subscribe({
    ...{ TopicArn: TOPIC, Protocol: 'sqs', Endpoint: `${QUEUES}:inbox` },
    Attributes: { RawMessageDelivery: 'true', ...Attributes },
  });

const setPolicy = (...Statement: object[]) =>
  sns.setTopicAttributes({
    ...{ TopicArn: TOPIC, AttributeName: 'Policy' },
    AttributeValue: JSON.stringify({ Version: '2012-10-17', Statement }),
  });

const allowing = (more: object) => ({ Effect: 'Allow', Action: 'sns:Publish', Resource: TOPIC, ...more });

it('refuses the events of a rule that it does not name, which go to its dead-letter queue, and takes them when it does', async () => {
  await subscribe();
  await events.putRule({ Name: 'all', EventPattern: '{"source":["shop"]}' });
  await events.putTargets({
    Rule: 'all',
    Targets: [{ Id: 'told', Arn: TOPIC, DeadLetterConfig: { Arn: `${QUEUES}:dead` } }],
  });
  const put = async () => {
    await events.putEvents({ Entries: [{ Source: 'shop', DetailType: 'order', Detail: '{}' }] });
    await cloud.settle();
  };
  await setPolicy(allowing({ Principal: { Service: 's3.amazonaws.com' } }));
  await put();
  expect(await letters('inbox')).toEqual([]);
  expect(await letters('dead')).toMatchObject([{ code: 'NO_PERMISSIONS' }]);
  const rule = (name: string) => ({
    ArnEquals: { 'aws:SourceArn': `arn:aws:events:us-east-1:000000000000:rule/${name}` },
  });
  await setPolicy(allowing({ Principal: { Service: 'events.amazonaws.com' }, Condition: rule('other') }));
  await put();
  expect(await letters('inbox')).toEqual([]);
  await setPolicy(allowing({ Principal: { Service: 'events.amazonaws.com' }, Condition: rule('all') }));
  await put();
  expect(await letters('inbox')).toHaveLength(1);
});

it('lets nobody but one role publish, when it says so', async () => {
  const lambda = cloud.client(Lambda);
  await subscribe();
  await setPolicy({
    ...{ Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sns:Publish', Resource: TOPIC },
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::000000000000:role/trigger' } },
  });
  for (const name of ['trigger', 'other']) {
    await lambda.createFunction({
      ...{ FunctionName: name, Runtime: 'nodejs22.x', Handler: 'index.handler' },
      Role: `arn:aws:iam::000000000000:role/${name}`,
      Code: {
        ZipFile: zipOf(`
const { SNSClient, PublishCommand } = require('@aws-sdk/client-sns');
exports.handler = async () => {
  try {
    await new SNSClient({}).send(new PublishCommand({ TopicArn: '${TOPIC}', Message: '${name}' }));
  } catch ({ name, message }) { return { name, message }; }
};`),
      },
    });
  }
  const answerOf = async (FunctionName: string) => {
    const { Payload } = await lambda.invoke({ FunctionName });
    return JSON.parse(Payload?.transformToString() || 'null');
  };
  expect(await answerOf('trigger')).toBeNull();
  expect(await answerOf('other')).toEqual({
    name: 'AuthorizationErrorException',
    message: `User: arn:aws:sts::000000000000:assumed-role/other/other is not authorized to perform: SNS:Publish on resource: ${TOPIC} with an explicit deny in a resource-based policy`,
  });
  await expect(sns.publish({ TopicArn: TOPIC, Message: 'owner' })).rejects.toMatchObject({
    name: 'AuthorizationErrorException',
    $metadata: { httpStatusCode: 403 },
  });
  await cloud.settle();
  expect((await letters('inbox')).map(({ body }) => body)).toEqual(['trigger']);
  lambda.destroy();
});

it('refuses another account when it has a policy that does not name it', async () => {
  const other = new SNS({
    ...cloud.clientConfiguration,
    credentials: { accessKeyId: '111111111111', secretAccessKey: 'x' },
  });
  await setPolicy(allowing({ Principal: { AWS: '222222222222' } }));
  await expect(other.publish({ TopicArn: TOPIC, Message: 'hello' })).rejects.toMatchObject({
    name: 'AuthorizationErrorException',
    message: expect.stringContaining('because no resource-based policy allows the SNS:Publish action'),
  });
  await setPolicy(allowing({ Principal: { AWS: '111111111111' } }));
  await expect(other.publish({ TopicArn: TOPIC, Message: 'hello' })).resolves.toBeDefined();
  other.destroy();
});

it('cannot deliver to a queue whose policy names another topic: the message goes to the dead-letter queue', async () => {
  await subscribe({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${QUEUES}:dead` }) });
  const allow = (source: string) =>
    sqs.setQueueAttributes({
      QueueUrl: urlOf('inbox'),
      Attributes: {
        Policy: JSON.stringify({
          Statement: [
            {
              ...{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' },
              ...{ Resource: `${QUEUES}:inbox`, Condition: { ArnEquals: { 'aws:SourceArn': source } } },
            },
          ],
        }),
      },
    });
  await allow(`${TOPIC}2`);
  await sns.publish({ TopicArn: TOPIC, Message: 'refused' });
  await cloud.settle();
  expect((await letters('dead')).map(({ body }) => body)).toEqual(['refused']);
  const [delivery] = cloud.trace.of(TOPIC).filter(({ operation }) => operation === 'Deliver');
  expect(delivery?.outcome).toBe('AccessDenied');
  await allow(TOPIC);
  await sns.publish({ TopicArn: TOPIC, Message: 'taken' });
  await cloud.settle();
  expect((await letters('inbox')).map(({ body }) => body)).toEqual(['taken']);
});
