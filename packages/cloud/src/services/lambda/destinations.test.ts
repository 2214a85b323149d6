import { EventBridge } from '@aws-sdk/client-eventbridge';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ARN, type LambdaCloud, ROLE, startLambda } from './test/lambda.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const QUEUES = 'arn:aws:sqs:us-east-1:000000000000';
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:told';
const BUS = 'arn:aws:events:us-east-1:000000000000:event-bus/told';
/** Answers its event, or fails if it is told to. */
const WORKER = `exports.handler = async (event) => {
  if (event.fails) throw new Error('told to');
  return { done: event.id };
};`;

let tested: LambdaCloud;
let sqs: SQS;
let sns: SNS;
let events: EventBridge;
beforeEach(async () => {
  tested = await startLambda({ clock: 'virtual', now: new Date(START), seed: 1 });
  sqs = tested.cloud.client(SQS);
  sns = tested.cloud.client(SNS);
  events = tested.cloud.client(EventBridge);
  await sqs.createQueue({ QueueName: 'inbox' });
});
afterEach(async () => {
  for (const client of [sqs, sns, events]) client.destroy();
  await tested[Symbol.asyncDispose]();
});

/** A topic that tells the queue `inbox` as it stands. */
async function topic(): Promise<void> {
  await sns.createTopic({ Name: 'told' });
  await sns.subscribe({
    TopicArn: TOPIC,
    Protocol: 'sqs',
    Endpoint: `${QUEUES}:inbox`,
    Attributes: { RawMessageDelivery: 'true' },
  });
}

async function run(event: object, config: object): Promise<void> {
  await tested.lambda.putFunctionEventInvokeConfig({ FunctionName: 'worker', MaximumRetryAttempts: 0, ...config });
  await tested.lambda.invoke({ FunctionName: 'worker', InvocationType: 'Event', Payload: JSON.stringify(event) });
  await tested.cloud.settle();
}

async function inbox() {
  const { Messages = [] } = await sqs.receiveMessage({
    QueueUrl: `${tested.cloud.url}/000000000000/inbox`,
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
  });
  return Messages.map(({ Body = '', MessageAttributes = {} }) => ({ body: JSON.parse(Body), MessageAttributes }));
}

const recordOf = (condition: string) => ({
  version: '1.0',
  timestamp: '2026-01-01T00:00:00.000Z',
  requestContext: {
    requestId: expect.any(String),
    functionArn: `${ARN}:worker:$LATEST`,
    condition,
    approximateInvokeCount: 1,
  },
});

describe('the result of an asynchronous invocation', () => {
  it('is published to a topic, by the role of the function, as a hop of the run', async () => {
    await topic();
    await tested.create('worker', WORKER);
    await run({ id: 7 }, { DestinationConfig: { OnSuccess: { Destination: TOPIC } } });
    const [message, ...others] = await inbox();
    expect(others).toEqual([]);
    expect(message).toEqual({
      body: {
        ...recordOf('Success'),
        requestPayload: { id: 7 },
        responseContext: { statusCode: 200, executedVersion: '$LATEST' },
        responsePayload: { done: 7 },
      },
      MessageAttributes: {},
    });
    const [publish] = tested.cloud.trace.of(TOPIC).filter(({ operation }) => operation === 'Publish');
    expect(publish?.principal).toBe('arn:aws:sts::000000000000:assumed-role/worker/worker');
    expect(tested.cloud.trace.get(publish?.cause ?? 0)).toMatchObject({ operation: 'Invoke', target: 'worker.0' });
  });

  it.each([
    ['Success', {}, 'Success'],
    ['Failure', { fails: true }, 'RetriesExhausted'],
  ])('is put on an event bus as a %s', async (kind, event, condition) => {
    await events.createEventBus({ Name: 'told' });
    await events.putRule({ Name: 'all', EventBusName: 'told', EventPattern: '{"source":["lambda"]}' });
    await events.putTargets({
      Rule: 'all',
      EventBusName: 'told',
      Targets: [{ Id: 'inbox', Arn: `${QUEUES}:inbox` }],
    });
    await tested.create('worker', WORKER);
    const to = { Destination: BUS };
    await run(event, { DestinationConfig: { OnSuccess: to, OnFailure: to } });
    const [{ body } = { body: undefined }] = await inbox();
    expect(body).toMatchObject({
      'detail-type': `Lambda Function Invocation Result - ${kind}`,
      source: 'lambda',
      account: '000000000000',
      region: 'us-east-1',
      resources: [BUS, `${ARN}:worker:$LATEST`],
      detail: { ...recordOf(condition), requestPayload: event },
    });
  });

  it('is lost when its destination is gone, and the trace says so', async () => {
    await tested.create('worker', WORKER);
    await run({}, { DestinationConfig: { OnSuccess: { Destination: TOPIC } } });
    const [hop] = tested.cloud.trace.of(TOPIC).filter(({ operation }) => operation === 'DeliverEvent');
    expect(hop).toMatchObject({
      outcome: 'dropped',
      resource: `${ARN}:worker`,
      note: expect.stringMatching(/^the record is lost: /),
    });
  });
});

it('publishes an event that was given up to a topic that is its dead-letter queue', async () => {
  await topic();
  await tested.create('worker', WORKER, { Role: ROLE, DeadLetterConfig: { TargetArn: TOPIC } });
  await run({ fails: true, id: 8 }, {});
  const [letter] = await inbox();
  expect(letter?.body).toEqual({ fails: true, id: 8 });
  expect(letter?.MessageAttributes).toMatchObject({
    RequestID: { DataType: 'String', StringValue: expect.any(String) },
    ErrorCode: { DataType: 'Number', StringValue: '200' },
    ErrorMessage: { DataType: 'String', StringValue: 'told to' },
  });
});
