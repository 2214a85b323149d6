import { EventBridge } from '@aws-sdk/client-eventbridge';
import { type CreatePipeRequest, Pipes } from '@aws-sdk/client-pipes';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { type Cloud, type CloudOptions, startCloud } from '../../../index.ts';

export const START: number = Date.UTC(2026, 0, 1);
export const QUEUES = 'arn:aws:sqs:us-east-1:000000000000';
export const FUNCTIONS = 'arn:aws:lambda:us-east-1:000000000000:function';
export const ROLE = 'arn:aws:iam::000000000000:role/piper';
export const PIPE = 'arn:aws:pipes:us-east-1:000000000000:pipe/p';

/** A cloud with the clients that pipes need and a queue named `in`, for tests. */
export interface PipedCloud extends AsyncDisposable {
  readonly cloud: Cloud;
  readonly pipes: Pipes;
  readonly sqs: SQS;
  readonly sns: SNS;
  readonly events: EventBridge;
  queue(name: string, attributes?: Record<string, string>): Promise<string>;
  /** Makes the pipe `p` from the queue `in`. */
  pipe(Target: string, more?: Partial<CreatePipeRequest>): Promise<void>;
  /** Sends messages to the queue `in`, as JSON. */
  send(...bodies: readonly unknown[]): Promise<void>;
  /** Takes the bodies of all messages that a queue has now. */
  bodies(name: string): Promise<string[]>;
}

/** Starts it, with a virtual clock. */
export async function startPiped(options: CloudOptions = {}): Promise<PipedCloud> {
  const cloud = await startCloud({ clock: 'virtual', now: new Date(START), seed: 1, ...options });
  const clients = {
    pipes: new Pipes({ ...cloud.clientConfiguration, maxAttempts: 1 }),
    sqs: cloud.client(SQS),
    sns: cloud.client(SNS),
    events: cloud.client(EventBridge),
  };
  const { pipes, sqs } = clients;
  const urlOf = (name: string) => `${cloud.url}/000000000000/${name}`;
  const queue: PipedCloud['queue'] = async (QueueName, Attributes = {}) => {
    await sqs.createQueue({ QueueName, Attributes });
    return `${QUEUES}:${QueueName}`;
  };
  await queue('in');
  return {
    cloud,
    ...clients,
    queue,
    async pipe(Target, more = {}) {
      await pipes.createPipe({ Name: 'p', Source: `${QUEUES}:in`, Target, RoleArn: ROLE, ...more });
    },
    async send(...bodies) {
      for (const body of bodies) await sqs.sendMessage({ QueueUrl: urlOf('in'), MessageBody: JSON.stringify(body) });
    },
    async bodies(name) {
      const all: string[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.receiveMessage({ QueueUrl: urlOf(name), MaxNumberOfMessages: 10 });
        if (Messages.length === 0) return all;
        for (const { Body = '', ReceiptHandle } of Messages) {
          all.push(Body);
          await sqs.deleteMessage({ QueueUrl: urlOf(name), ReceiptHandle });
        }
      }
    },
    async [Symbol.asyncDispose]() {
      for (const client of Object.values(clients)) client.destroy();
      await cloud.stop();
    },
  };
}
