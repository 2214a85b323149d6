import type { Message } from '@aws-sdk/client-sqs';
import type { Aws, ServiceEnvironment } from '../service.ts';
import type { Held } from './batch.ts';
import { type QueueSource, queueUrlOf } from './source.ts';

/** What one receive gives, and one deletion takes, at most. */
export const MOST_AT_ONCE = 10;

/** The queue of a source, through the public operations of SQS. The cloud is not settled until they have answered. */
export class SourceQueue {
  readonly #environment: ServiceEnvironment;
  readonly #source: QueueSource;
  readonly #url: string;

  constructor(environment: ServiceEnvironment, source: QueueSource) {
    this.#environment = environment;
    this.#source = source;
    this.#url = queueUrlOf(source.queueArn, environment.settings.endpoint);
  }

  /** Takes what can be had at once, all attributes with it. Rejects with what SQS answers. */
  async receive(most: number, cause: number): Promise<Message[]> {
    const { Messages = [] } = await this.#call(cause, ({ sqs }) =>
      sqs.ReceiveMessage({
        QueueUrl: this.#url,
        MaxNumberOfMessages: most,
        WaitTimeSeconds: 0,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages;
  }

  /** Never rejects: what could not be deleted becomes visible again. */
  async delete(messages: readonly Held[], cause: number): Promise<void> {
    for (const some of chunks(messages)) {
      const Entries = some.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
      await this.#call(cause, ({ sqs }) => sqs.DeleteMessageBatch({ QueueUrl: this.#url, Entries })).catch(
        () => undefined,
      );
    }
  }

  /** Makes messages visible that no function has seen: SQS does not count them as received. Never rejects. */
  async giveBack(messages: readonly Held[], cause: number): Promise<void> {
    for (const some of chunks(messages)) {
      const Entries = some.map(({ receiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: 0,
      }));
      await this.#call(cause, ({ sqs }) => sqs.ChangeMessageVisibilityBatch({ QueueUrl: this.#url, Entries })).catch(
        () => undefined,
      );
    }
  }

  /** How long what was received is hidden; 0 when the queue does not say. Never rejects. */
  async visibilityMs(cause: number): Promise<number> {
    const input = { QueueUrl: this.#url, AttributeNames: ['VisibilityTimeout' as const] };
    const { Attributes } = await this.#call(cause, ({ sqs }) => sqs.GetQueueAttributes(input), false).catch(() => ({
      Attributes: undefined,
    }));
    return Number(Attributes?.VisibilityTimeout ?? 0) * 1000;
  }

  async #call<Output>(cause: number, operation: (aws: Aws) => Promise<Output>, traced = true): Promise<Output> {
    const { arn: sourceArn, account, region, queueArn, principal } = this.#source;
    using activity = this.#environment.scheduler.begin('delivery', `a poller of ${queueArn}`, cause);
    const caller = { account, region, cause, traced, invocation: activity, sourceArn, ...(principal && { principal }) };
    const output = operation(this.#environment.aws(caller));
    activity.pause();
    return await output;
  }
}

function* chunks(messages: readonly Held[]): Generator<readonly Held[]> {
  for (let start = 0; start < messages.length; start += MOST_AT_ONCE) yield messages.slice(start, start + MOST_AT_ONCE);
}
