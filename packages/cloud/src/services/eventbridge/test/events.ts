import { EventBridge, type PutEventsCommandOutput } from '@aws-sdk/client-eventbridge';
import { Lambda } from '@aws-sdk/client-lambda';
import { SQS } from '@aws-sdk/client-sqs';
import { type Cloud, type CloudOptions, startCloud } from '../../../index.ts';
import { zipOf } from '../../lambda/test/zip.ts';

export const START: number = Date.UTC(2026, 0, 1);
export const EVENTS = 'arn:aws:events:us-east-1:000000000000';
export const QUEUES = 'arn:aws:sqs:us-east-1:000000000000';
export const FUNCTIONS = 'arn:aws:lambda:us-east-1:000000000000:function';

/** A cloud with the clients that events need, for tests. */
export interface EventsCloud extends AsyncDisposable {
  readonly cloud: Cloud;
  readonly events: EventBridge;
  readonly sqs: SQS;
  readonly lambda: Lambda;
  /** Makes a queue, and gives its ARN. */
  queue(name: string, attributes?: Record<string, string>): Promise<string>;
  /** Makes a function that answers nothing, and gives its ARN. */
  function(name: string): Promise<string>;
  /** Takes all messages that a queue has now. */
  messages(name: string): Promise<readonly { readonly body: string; readonly attributes: Record<string, string> }[]>;
  /** Makes a rule with one target, for a source. */
  rule(name: string, target: object, more?: object): Promise<void>;
  put(detail: unknown, more?: object): Promise<PutEventsCommandOutput>;
}

export async function startEvents(options: CloudOptions = {}): Promise<EventsCloud> {
  const cloud = await startCloud({ clock: 'virtual', now: new Date(START), seed: 1, ...options });
  const events = new EventBridge({ ...cloud.clientConfiguration, maxAttempts: 1 });
  const sqs = new SQS({ ...cloud.clientConfiguration, maxAttempts: 1 });
  const lambda = new Lambda({ ...cloud.clientConfiguration, maxAttempts: 1 });
  const urlOf = (name: string) => `${cloud.url}/000000000000/${name}`;
  return {
    cloud,
    events,
    sqs,
    lambda,
    async queue(QueueName, Attributes) {
      await sqs.createQueue({ QueueName, ...(Attributes && { Attributes }) });
      return `${QUEUES}:${QueueName}`;
    },
    async function(FunctionName) {
      await lambda.createFunction({
        FunctionName,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::000000000000:role/worker',
        Code: { ZipFile: zipOf('exports.handler = async () => null;') },
      });
      return `${FUNCTIONS}:${FunctionName}`;
    },
    async messages(name) {
      const all = [];
      for (;;) {
        const { Messages = [] } = await sqs.receiveMessage({
          QueueUrl: urlOf(name),
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
        });
        if (Messages.length === 0) return all;
        for (const { Body = '', MessageAttributes = {}, ReceiptHandle } of Messages) {
          const attributes = Object.entries(MessageAttributes).map(([key, value]) => [key, value.StringValue ?? '']);
          all.push({ body: Body, attributes: Object.fromEntries(attributes) as Record<string, string> });
          await sqs.deleteMessage({ QueueUrl: urlOf(name), ReceiptHandle });
        }
      }
    },
    async rule(Name, target, more = {}) {
      await events.putRule({ Name, EventPattern: '{"source":["shop"]}', ...more });
      const { EventBusName } = more as { EventBusName?: string }; // a part of a rule's input
      await events.putTargets({ Rule: Name, EventBusName, Targets: [{ Id: 'one', Arn: '', ...target }] });
    },
    put: (detail, more = {}) =>
      events.putEvents({
        Entries: [{ Source: 'shop', DetailType: 'order', Detail: JSON.stringify(detail), ...more }],
      }),
    async [Symbol.asyncDispose]() {
      for (const client of [events, sqs, lambda]) client.destroy();
      await cloud.stop();
    },
  };
}
