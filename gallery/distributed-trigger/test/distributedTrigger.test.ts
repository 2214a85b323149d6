import { fileURLToPath } from 'node:url';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { type App, type Cloud, startCloud } from '@skein/cloud';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let cloud: Cloud;
let app: App;

beforeEach(async () => {
  cloud = await startCloud({ clock: 'virtual', seed: 18 });
  app = await cloud.deploy(fileURLToPath(new URL('..', import.meta.url)));
}, 60_000);
afterEach(() => cloud.stop());

async function upload(...files: (string | undefined)[]): Promise<void> {
  const Entries = files.map((file) => ({
    EventBusName: app.outputs['BusName'],
    Source: 'uploads',
    DetailType: 'uploaded',
    Detail: JSON.stringify({ file }),
  }));
  await cloud.client(EventBridgeClient).send(new PutEventsCommand({ Entries }));
}

/** The files that a part has worked on. */
async function doneBy(part: string): Promise<string[]> {
  const TableName = app.find(`${part}Table`).physicalId;
  const database = DynamoDBDocumentClient.from(cloud.client(DynamoDBClient));
  const { Items = [] } = await database.send(new ScanCommand({ TableName }));
  return Items.map(({ file }) => String(file)).sort();
}

/** How often a function ran. Runs have the environment that they ran in as their target. */
const runsOf = (name: string): number =>
  cloud.trace.of(app.resource(name)).filter(({ target = '' }) => /\.\d+$/.test(target)).length;

async function letters(queue: string): Promise<string[]> {
  const QueueUrl = app.find(queue).physicalId;
  const { Messages = [] } = await cloud
    .client(SQSClient)
    .send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return Messages.map(({ Body = '' }) => Body);
}

/** The state of the alarm of a dead-letter queue. */
async function alarmOf(deadLetters: string): Promise<string | undefined> {
  const AlarmNames = [app.find(`${deadLetters}/Alarm`).physicalId];
  const { MetricAlarms = [] } = await cloud.client(CloudWatchClient).send(new DescribeAlarmsCommand({ AlarmNames }));
  return MetricAlarms[0]?.StateValue;
}

describe('the distributed trigger', () => {
  it('tells each subscriber of an event, once', async () => {
    await upload('a.jpg', 'b.jpg', 'c.jpg');
    await cloud.settle({ advance: true });
    expect(await doneBy('Thumbnails')).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
    expect(await doneBy('Search')).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
    const deliveries = cloud.trace
      .all()
      .filter(({ service, operation }) => service === 'sns' && operation === 'Deliver');
    expect(deliveries).toHaveLength(6);
  });

  it('loses nothing for a subscriber that is down for an hour, which then catches up', async () => {
    {
      using _ = cloud.faults.throttle(app.resource('Search'));
      await upload('a.jpg', 'b.jpg');
      await cloud.clock.advance('1 hour');
      expect(await doneBy('Thumbnails')).toEqual(['a.jpg', 'b.jpg']);
      expect(await doneBy('Search')).toEqual([]);
      expect(await alarmOf('Uploads/searchDeadLetters')).toBe('ALARM');
      expect(await alarmOf('Uploads/thumbnailsDeadLetters')).toBe('OK');
    }
    const SourceArn = app.resource('Uploads/searchDeadLetters/Queue');
    await cloud.client(SQSClient).send(new StartMessageMoveTaskCommand({ SourceArn }));
    await cloud.settle({ advance: true });
    expect(await doneBy('Search')).toEqual(['a.jpg', 'b.jpg']);
    await upload('c.jpg');
    await cloud.settle({ advance: true });
    expect(await doneBy('Search')).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
  });

  it('keeps an event that the trigger fails at, with the error, and says so', async () => {
    await upload(undefined);
    await cloud.settle({ advance: true });
    await cloud.clock.advance('2 minutes');
    expect(runsOf('Trigger')).toBe(3);
    expect(await alarmOf('Uploads/DeadLetters')).toBe('ALARM');
    const [dead, ...more] = await letters('Uploads/DeadLetters/Queue');
    expect(more).toEqual([]);
    expect(JSON.parse(dead ?? '')).toMatchObject({
      responsePayload: { errorType: 'TypeError', errorMessage: expect.stringContaining('names no file') },
    });
    expect(await doneBy('Search')).toEqual([]);
  });

  it('lets nobody else publish to its topic', async () => {
    const publish = new PublishCommand({
      TopicArn: app.outputs['TopicArn'],
      Message: '{"id":"1","file":"forged.jpg"}',
    });
    await expect(cloud.client(SNSClient).send(publish)).rejects.toMatchObject({ name: 'AuthorizationErrorException' });
    await cloud.settle({ advance: true });
    expect(await doneBy('Search')).toEqual([]);
  });

  it('does once what is delivered twice', async () => {
    using _ = cloud.faults.duplicate(app.outputs['TopicArn'] ?? '');
    await upload('twice.jpg');
    await cloud.settle({ advance: true });
    expect(await doneBy('Thumbnails')).toEqual(['twice.jpg']);
  });
});
