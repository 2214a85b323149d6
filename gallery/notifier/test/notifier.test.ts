import { fileURLToPath } from 'node:url';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { type App, type Cloud, startCloud } from '@skein/cloud';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { News } from '../functions/hear.ts';

let cloud: Cloud;
let app: App;

beforeEach(async () => {
  cloud = await startCloud({ clock: 'virtual', seed: 7 });
  app = await cloud.deploy(fileURLToPath(new URL('..', import.meta.url)));
}, 60_000);
afterEach(() => cloud.stop());

const order = (id: string, cents = 4200): News => ({ id, order: { id, cents } });

async function publish(news: News, type = 'placed'): Promise<void> {
  await cloud.client(SNSClient).send(
    new PublishCommand({
      TopicArn: app.outputs['TopicArn'],
      Message: JSON.stringify(news),
      MessageAttributes: { type: { DataType: 'String', StringValue: type } },
    }),
  );
  await cloud.settle();
}

/** The ids of the news that a subscriber has heard. */
async function heardBy(name: string, of: App = app): Promise<string[]> {
  const TableName = of.outputs[`${name}Table`];
  const { Items = [] } = await DynamoDBDocumentClient.from(cloud.client(DynamoDBClient)).send(
    new ScanCommand({ TableName }),
  );
  return Items.map(({ id }) => String(id)).sort();
}

async function deadLettersOf(name: string): Promise<string[]> {
  const QueueUrl = app.outputs[`${name}DeadLettersUrl`];
  const { Messages = [] } = await cloud
    .client(SQSClient)
    .send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return Messages.map(({ Body = '' }) => Body);
}

describe('the notifier', () => {
  it('tells each subscriber what it asked for, by attributes, by what is in the message, or all', async () => {
    await publish(order('small'), 'placed');
    await publish(order('large', 100_000), 'paid');
    await publish(order('sent', 250_000), 'shipped');
    expect(await heardBy('Mail')).toEqual(['sent', 'small']);
    expect(await heardBy('Fraud')).toEqual(['large', 'sent']);
    expect(await heardBy('Archive')).toEqual(['large', 'sent', 'small']);
  });

  it('gets a subscriber from a stack that its own knows nothing of', async () => {
    await publish(order('before'));
    const added = await cloud.deploy(fileURLToPath(new URL('late', import.meta.url)));
    await publish(order('after'));
    expect(await heardBy('Late', added)).toEqual(['after']);
    expect(await heardBy('Archive')).toEqual(['after', 'before']);
  });

  it('keeps what one subscriber fails at for that one, with the error, and tells the others', async () => {
    await publish({ ...order('odd'), confuses: 'Mail' });
    await cloud.settle({ advance: true });
    expect(await heardBy('Archive')).toEqual(['odd']);
    expect(await heardBy('Mail')).toEqual([]);
    await cloud.clock.advance('2 minutes');
    const AlarmNames = [app.find('NotifierMail/Mail/DeadLetters/Alarm').physicalId];
    const { MetricAlarms = [] } = await cloud.client(CloudWatchClient).send(new DescribeAlarmsCommand({ AlarmNames }));
    expect(MetricAlarms[0]?.StateValue).toBe('ALARM');
    const [dead, ...more] = await deadLettersOf('Mail');
    expect(more).toEqual([]);
    expect(JSON.parse(dead ?? '')).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      responsePayload: { errorMessage: 'Mail cannot make anything of odd' },
    });
    expect(await deadLettersOf('Archive')).toEqual([]);
  });

  it('keeps news once that comes twice', async () => {
    using _ = cloud.faults.duplicate(app.outputs['TopicArn'] ?? '');
    await publish(order('twice'));
    expect(await heardBy('Archive')).toEqual(['twice']);
    const runs = cloud.trace
      .of(app.resource('NotifierArchive/Hear'))
      .filter(({ target = '' }) => /\.\d+$/.test(target));
    expect(runs).toHaveLength(2);
  });
});
