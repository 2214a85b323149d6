import { SQS } from '@aws-sdk/client-sqs';
import type { CloudOptions } from '../../../../index.ts';
import { type LambdaCloud, startLambda } from '../../test/lambda.ts';

/** A cloud with clients of Lambda and SQS, for tests. */
export interface MappedCloud extends LambdaCloud {
  readonly sqs: SQS;
  /** Makes a queue. */
  queue(name: string, attributes?: Record<string, string>): Promise<{ readonly url: string; readonly arn: string }>;
  /** Sends so many messages, whose bodies are `{"n":0}`, `{"n":1}` … */
  send(url: string, count: number): Promise<void>;
  /** Bodies in a queue, which receives them. */
  bodies(url: string): Promise<string[]>;
  /** Runs of a function by mappings: how many messages each had, when (seconds from the start), and what became of it. */
  batches(functionName: string): { readonly at: number; readonly size: number; readonly outcome: string | undefined }[];
}

export const START: number = Date.parse('2026-01-01T00:00:00Z');
export const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000';

/** Starts it, with a virtual clock unless it is told otherwise. */
export async function startMapped(options: CloudOptions = {}): Promise<MappedCloud> {
  const started = await startLambda({ clock: 'virtual', now: new Date(START), ...options });
  const sqs = new SQS({ ...started.cloud.clientConfiguration });
  return {
    ...started,
    sqs,
    async queue(QueueName, Attributes = {}) {
      const { QueueUrl: url = '' } = await sqs.createQueue({ QueueName, Attributes });
      return { url, arn: `${QUEUE_ARN}:${QueueName}` };
    },
    async send(QueueUrl, count) {
      for (let first = 0; first < count; first += 10) {
        const Entries = Array.from({ length: Math.min(10, count - first) }, (_, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify({ n: first + index }),
        }));
        await sqs.sendMessageBatch({ QueueUrl, Entries });
      }
    },
    async bodies(QueueUrl) {
      const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
      return Messages.map(({ Body = '' }) => Body);
    },
    batches: (name) =>
      started.cloud.trace
        .all()
        .filter(({ resource, note }) => resource.endsWith(`:function:${name}`) && note?.startsWith('a batch of '))
        .map(({ at, note, outcome }) => ({
          at: (at - START) / 1000,
          size: Number(/^a batch of (\d+)/.exec(note ?? '')?.[1]),
          outcome,
        })),
    async [Symbol.asyncDispose]() {
      sqs.destroy();
      await started[Symbol.asyncDispose]();
    },
  };
}

/** A function that sends each event it gets to a queue of results, and then does `rest`, with the event's `Records` in hand. */
export const reporting = (resultsUrl: string, rest = ''): string => `
const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
const sqs = new SQSClient({});
exports.handler = async ({ Records }) => {
  await sqs.send(new SendMessageCommand({ QueueUrl: '${resultsUrl}', MessageBody: JSON.stringify(Records) }));
  ${rest}
};`;
