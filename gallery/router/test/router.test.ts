import { fileURLToPath } from 'node:url';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type App, type Cloud, startCloud } from '@skein/cloud';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OrderEvent } from '../functions/orderEvent.ts';

let cloud: Cloud;
let app: App;
let sqs: SQSClient;
let cloudWatch: CloudWatchClient;
let lambda: LambdaClient;
let sns: SNSClient;
let database: DynamoDBDocumentClient;

beforeAll(async () => {
  cloud = await startCloud({ clock: 'virtual', seed: 12 });
  app = await cloud.deploy(fileURLToPath(new URL('..', import.meta.url)));
  sqs = cloud.client(SQSClient);
  cloudWatch = cloud.client(CloudWatchClient);
  lambda = cloud.client(LambdaClient);
  sns = cloud.client(SNSClient);
  database = DynamoDBDocumentClient.from(cloud.client(DynamoDBClient));
}, 60_000);
afterAll(() => cloud.stop());
beforeEach(() => cloud.trace.clear());

async function invoke(event: Partial<OrderEvent>): Promise<void> {
  const FunctionName = app.outputs['RouterName'];
  await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify(event) }));
}

async function publish({ type, ...event }: Partial<OrderEvent>): Promise<void> {
  const MessageAttributes = type === undefined ? {} : { type: { DataType: 'String', StringValue: type } };
  const Message = JSON.stringify({ type, ...event });
  await sns.send(new PublishCommand({ TopicArn: app.outputs['TopicArn'], Message, MessageAttributes }));
}

describe.each([
  { service: 'Orders', send: invoke },
  { service: 'TopicOrders', send: publish },
])('a router of $service', ({ service, send }) => {
  /** Runs have the environment that they ran in as their target. */
  const runsOf = (task: string): number =>
    cloud.trace.of(app.resource(`${service}-${task}`)).filter(({ target = '' }) => /\.\d+$/.test(target)).length;

  async function orderOf(id: string): Promise<unknown> {
    const TableName = app.find(`${service}Table`).physicalId;
    return (await database.send(new GetCommand({ TableName, Key: { id } }))).Item;
  }

  it.each([
    ['order.placed', 'reserve', 'reserved'],
    ['order.paid', 'ship', 'shipped'],
    ['order.cancelled', 'release', 'released'],
  ])('hands %s to the task %s and to no other', async (type, task, done) => {
    const order = `${type}-1`;
    await send({ id: 'e-1', type, order, address: 'Main Street 1' });
    await cloud.settle();
    expect(await orderOf(order)).toEqual({ id: order, [done]: 'e-1' });
    for (const name of ['reserve', 'ship', 'release'])
      expect([name, runsOf(name)]).toEqual([name, name === task ? 1 : 0]);
  });

  it('does once what is asked for twice', async () => {
    await send({ id: 'e-1', type: 'order.placed', order: 'twice' });
    await cloud.settle();
    await send({ id: 'e-2', type: 'order.placed', order: 'twice' });
    await cloud.settle();
    expect(runsOf('reserve')).toBe(2);
    expect(await orderOf('twice')).toEqual({ id: 'twice', reserved: 'e-1' });
  });

  it('does once what is delivered twice', async () => {
    using _ = cloud.faults.duplicate(app.resource(`${service}-release`));
    await send({ id: 'e-1', type: 'order.cancelled', order: 'delivered-twice' });
    await cloud.settle();
    expect(runsOf('release')).toBe(2);
    expect(await orderOf('delivered-twice')).toEqual({ id: 'delivered-twice', released: 'e-1' });
  });

  it('keeps what a task fails at for that task, with the error, after three attempts', async () => {
    await send({ id: 'e-1', type: 'order.paid', order: 'nowhere' });
    await send({ id: 'e-2', type: 'order.placed', order: 'elsewhere' });
    await cloud.settle({ advance: true });
    expect(runsOf('ship')).toBe(3);
    await cloud.clock.advance('2 minutes');
    expect(await alarmStateOf(`${service}/order.paidDeadLetters/Alarm`)).toBe('ALARM');
    expect(await alarmStateOf(`${service}/DeadLetters/Alarm`)).toBe('OK');
    const [dead, ...others] = await messagesOf(`${service}/order.paidDeadLetters/Queue`);
    expect(others).toEqual([]);
    expect(JSON.parse(dead ?? '')).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      responsePayload: { errorMessage: 'order nowhere has no address to ship it to' },
    });
    expect(await orderOf('elsewhere')).toEqual({ id: 'elsewhere', reserved: 'e-2' });
    expect(await messagesOf(`${service}/DeadLetters/Queue`)).toEqual([]);
  });
});

describe('an event of a type that has no task', () => {
  it('ends with the function that routes, with an error that names the type and those that there are', async () => {
    const event = { id: 'e-1', type: 'order.eaten', order: 'unknown' };
    await invoke(event);
    await cloud.settle({ advance: true });
    await cloud.clock.advance('2 minutes');
    expect(await alarmStateOf('Orders/DeadLetters/Alarm')).toBe('ALARM');
    const [dead, ...others] = await messagesOf('Orders/DeadLetters/Queue');
    expect(others).toEqual([]);
    expect(JSON.parse(dead ?? '')).toMatchObject({
      requestPayload: event,
      responsePayload: {
        errorType: 'UnknownTypeError',
        errorMessage:
          "no task takes events of the type 'order.eaten': there are tasks for 'order.placed', 'order.paid', 'order.cancelled'",
      },
    });
  });

  it.each(['order.eaten', undefined])('ends with the topic that routes, as it was published (%s)', async (type) => {
    const event = { id: 'e-1', order: 'unknown', ...(type === undefined ? {} : { type }) };
    await publish(event);
    await cloud.settle({ advance: true });
    const [dead, ...others] = await messagesOf('TopicOrders/DeadLetters/Queue');
    expect(others).toEqual([]);
    const { Message, MessageAttributes } = JSON.parse(dead ?? '');
    expect(JSON.parse(Message)).toEqual(event);
    expect(MessageAttributes?.type?.Value).toBe(type);
  });
});

async function alarmStateOf(alarm: string): Promise<string | undefined> {
  const AlarmNames = [app.find(alarm).physicalId];
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames }));
  return MetricAlarms[0]?.StateValue;
}

/** Takes what lies in a queue. */
async function messagesOf(queue: string): Promise<(string | undefined)[]> {
  const QueueUrl = app.find(queue).physicalId;
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages.map(({ Body }) => Body);
}
