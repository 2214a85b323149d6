import { Lambda } from '@aws-sdk/client-lambda';
import { SQS } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { zipOf } from '../lambda/test/zip.ts';
import { startSns } from './test/snsCloud.ts';

const SOURCE = `
  const { SQS } = require('@aws-sdk/client-sqs');
  exports.handler = async (event) => {
    await new SQS({}).sendMessage({ QueueUrl: process.env.QUEUE, MessageBody: JSON.stringify(event) });
  };`;

it('runs a function with the event that AWS gives it', async () => {
  await using test = await startSns();
  const lambda = new Lambda(test.cloud.clientConfiguration);
  const sqs = new SQS(test.cloud.clientConfiguration);
  const TopicArn = await test.topic();
  const { QueueUrl = '' } = await sqs.createQueue({ QueueName: 'seen' });
  const { FunctionArn } = await lambda.createFunction({
    FunctionName: 'worker',
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: 'arn:aws:iam::000000000000:role/worker',
    Timeout: 30,
    Environment: { Variables: { QUEUE: QueueUrl } },
    Code: { ZipFile: zipOf(SOURCE) },
  });
  const { SubscriptionArn } = await test.sns.subscribe({ TopicArn, Protocol: 'lambda', Endpoint: FunctionArn });
  const MessageAttributes = { size: { DataType: 'Number', StringValue: '3' } };
  const { MessageId } = await test.sns.publish({ TopicArn, Message: 'hello', MessageAttributes });
  await test.cloud.settle();
  const { Messages } = await sqs.receiveMessage({ QueueUrl });
  expect(JSON.parse(Messages?.[0]?.Body ?? '')).toEqual({
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: SubscriptionArn,
        Sns: {
          Type: 'Notification',
          MessageId,
          TopicArn,
          Subject: null,
          Message: 'hello',
          Timestamp: '2026-03-01T12:00:00.000Z',
          SignatureVersion: '1',
          Signature: expect.any(String),
          SigningCertUrl: expect.stringMatching(/\/SimpleNotificationService-\w+\.pem$/),
          UnsubscribeUrl: expect.stringContaining('Action=Unsubscribe'),
          MessageAttributes: { size: { Type: 'Number', Value: '3' } },
        },
      },
    ],
  });
  const [invoked] = test.cloud.trace.of(FunctionArn ?? '').filter(({ operation }) => operation === 'Deliver');
  expect(invoked).toMatchObject({ outcome: 'ok', target: FunctionArn });
  lambda.destroy();
  sqs.destroy();
});
