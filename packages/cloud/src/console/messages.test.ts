import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { startCloud } from '../cloud.ts';

const START = Date.UTC(2026, 0, 1);

it('shows what lies in a queue, and receives nothing', async () => {
  await using cloud = await startCloud({ clock: 'virtual', now: new Date(START) });
  const sqs = cloud.client(SQS);
  const { QueueUrl = '' } = await sqs.createQueue({ QueueName: 'orders' });
  await sqs.sendMessage({
    ...{ QueueUrl, MessageBody: 'first' },
    MessageAttributes: { kind: { DataType: 'String', StringValue: 'order' } },
  });
  await sqs.receiveMessage({ QueueUrl });
  await sqs.sendMessage({ QueueUrl, MessageBody: 'second' });
  await sqs.sendMessage({ QueueUrl, MessageBody: 'third', DelaySeconds: 60 });
  const look = async (queue: string) =>
    (await fetch(`${cloud.url}/_skein/api/queues/messages?queue=${encodeURIComponent(queue)}`)).json();
  const content = await look('orders');
  expect(content).toMatchObject({
    ...{ name: 'orders', arn: 'arn:aws:sqs:us-east-1:000000000000:orders', url: QueueUrl },
    messages: [
      {
        ...{ body: 'first', state: 'inFlight', receives: 1, visibleAt: START + 30_000, sentAt: START },
        attributes: [{ name: 'kind', type: 'String', value: 'order' }],
      },
      { body: 'second', state: 'visible', receives: 0, group: null, source: null },
      { body: 'third', state: 'delayed', visibleAt: START + 60_000 },
    ],
  });
  expect(await look(QueueUrl)).toEqual(content);
  expect(await look('arn:aws:sqs:us-east-1:000000000000:orders')).toEqual(content);
  const { Messages } = await sqs.receiveMessage({ QueueUrl, MessageSystemAttributeNames: ['All'] });
  expect(Messages).toMatchObject([{ Body: 'second', Attributes: { ApproximateReceiveCount: '1' } }]);
  cloud.faults.throttle('arn:aws:sqs:us-east-1:000000000000:orders');
  expect(await look('orders')).toMatchObject({ name: 'orders', messages: [{ body: 'first' }, {}, {}] });
  expect(cloud.trace.all().every(({ outcome }) => outcome === 'ok')).toBe(true);
  const missing = await fetch(`${cloud.url}/_skein/api/queues/messages?queue=none`);
  expect([missing.status, await missing.json()]).toEqual([404, { message: 'The specified queue does not exist.' }]);
  sqs.destroy();
});

it('shows e-mails and text messages, which are sent nowhere', async () => {
  await using cloud = await startCloud({ clock: 'virtual', now: new Date(START) });
  const sns = cloud.client(SNS);
  const { TopicArn } = await sns.createTopic({ Name: 'told' });
  await sns.subscribe({ TopicArn, Protocol: 'sms', Endpoint: '+15550100' });
  await sns.publish({ TopicArn, Message: 'hello' });
  await sns.publish({ PhoneNumber: '+15550101', Message: 'direct' });
  await cloud.settle();
  const outbox = async (query = '') => (await fetch(`${cloud.url}/_skein/api/outbox${query}`)).json();
  const all = (await outbox()) as { readonly id: number; readonly to: string }[];
  expect(all).toHaveLength(2);
  expect(all.find(({ to }) => to === '+15550100')).toMatchObject({ protocol: 'sms', body: 'hello', topic: TopicArn });
  expect(all.find(({ to }) => to === '+15550101')).toMatchObject({ protocol: 'sms', body: 'direct', topic: null });
  expect(await outbox(`?after=${all[0]?.id}`)).toEqual(all.slice(1));
  sns.destroy();
});
