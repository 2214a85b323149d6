import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { parseArn } from '../../kernel/names.ts';
import type { ServiceEnvironment } from '../../kernel/service.ts';
import type { RunResult } from './environments/contract.ts';
import type { LambdaStores } from './operation.ts';
import type { QueuedEvent } from './stores/eventStore.ts';
import type { Target } from './targets.ts';

/** Why an event was given up, in AWS's words. */
export type DeathReason = 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';

/** An event at its end. */
export interface EndedEvent extends QueuedEvent {
  /** The version that ran, or should have. */
  readonly version: string;
  /** Of its last run, when it ever ran. */
  readonly result: RunResult | undefined;
}

/** An event that was given up. */
export interface DeadEvent extends EndedEvent {
  readonly reason: DeathReason;
}

/** Sends events that were handled or given up to where they are asked for: destinations and dead-letter queues. */
export class DeadLetters {
  readonly #environment: ServiceEnvironment;
  readonly #stores: LambdaStores;

  constructor(environment: ServiceEnvironment, stores: LambdaStores) {
    this.#environment = environment;
    this.#stores = stores;
  }

  /** Whether events that are given up go anywhere. */
  wants(target: Target): boolean {
    return target.deadLetterArn !== undefined || this.#destination(target, 'onFailure') !== undefined;
  }

  /** Says that an event was handled. */
  succeeded(event: EndedEvent, target: Target, cause: number): void {
    const destination = this.#destination(target, 'onSuccess');
    if (destination === undefined) return;
    void this.#deliver(destination, record(event, 'Success'), undefined, event, cause);
  }

  /** Sends an event that was given up. @param done - is told what went wrong, or undefined */
  failed(event: DeadEvent, target: Target, cause: number, done: (failure: string | undefined) => void): void {
    const destination = this.#destination(target, 'onFailure');
    const deliveries: Promise<string | undefined>[] = [];
    if (destination !== undefined) {
      deliveries.push(this.#deliver(destination, record(event, event.reason), undefined, event, cause));
    }
    if (target.deadLetterArn !== undefined) {
      deliveries.push(
        this.#deliver(target.deadLetterArn, event.payload.toString('utf8'), letterAttributes(event), event, cause),
      );
    }
    void Promise.all(deliveries).then((failures) => done(failures.find((failure) => failure !== undefined)));
  }

  #destination(target: Target, kind: 'onSuccess' | 'onFailure'): string | undefined {
    return this.#stores.eventConfigs.find(target, target.name, target.qualifier ?? '$LATEST')?.[kind];
  }

  /** Resolves to what went wrong, which the trace says too. */
  async #deliver(
    destination: string,
    body: string,
    attributes: Record<string, MessageAttributeValue> | undefined,
    { functionArn }: QueuedEvent,
    cause: number,
  ): Promise<string | undefined> {
    const { scheduler, trace } = this.#environment;
    using _activity = scheduler.begin('delivery', `an event of ${functionArn} to ${destination}`, cause);
    try {
      await this.#send(destination, body, attributes, cause);
      return undefined;
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      const hop = trace.begin({
        cause,
        service: 'lambda',
        operation: 'DeliverEvent',
        principal: 'lambda.amazonaws.com',
        resource: functionArn,
        target: destination,
        bytes: Buffer.byteLength(body),
        note: `the event is kept: ${failure}`,
      });
      trace.end(hop, 'dropped');
      return failure;
    }
  }

  async #send(
    destination: string,
    body: string,
    attributes: Record<string, MessageAttributeValue> | undefined,
    cause: number,
  ): Promise<void> {
    const to = parseArn(destination);
    if (to === undefined) throw new TypeError(`'${destination}' is no ARN`);
    const { account, region, resource } = to;
    const aws = this.#environment.aws({ account, region, cause });
    if (to.service === 'sqs') {
      const QueueUrl = `${this.#environment.settings.endpoint}/${account}/${resource}`;
      await aws.sqs.SendMessage({ QueueUrl, MessageBody: body, MessageAttributes: attributes });
    } else if (to.service === 'lambda') {
      await aws.lambda.Invoke({ FunctionName: destination, InvocationType: 'Event', Payload: Buffer.from(body) });
    } else throw new TypeError(`Skein cannot deliver events of functions to ${to.service} yet`);
  }
}

/** What a destination is told. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function record(event: EndedEvent, condition: string): string {
  const { result } = event;
  const functionArn = `${event.functionArn}:${event.qualifier ?? '$LATEST'}`;
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date(event.acceptedAt).toISOString(),
    requestContext: { requestId: event.requestId, functionArn, condition, approximateInvokeCount: event.attempts },
    requestPayload: JSON.parse(event.payload.toString('utf8')) as unknown,
    ...(result === undefined
      ? {}
      : {
          responseContext: { statusCode: 200, executedVersion: event.version, functionError: result.functionError },
          responsePayload: JSON.parse(result.payload.toString('utf8')) as unknown,
        }),
  });
}

function letterAttributes({ requestId, result }: DeadEvent): Record<string, MessageAttributeValue> {
  const message = result === undefined ? '' : errorMessageOf(result.payload);
  return {
    RequestID: { DataType: 'String', StringValue: requestId },
    ErrorCode: { DataType: 'Number', StringValue: result === undefined ? '429' : '200' },
    ErrorMessage: { DataType: 'String', StringValue: message === '' ? 'Rate Exceeded.' : message.slice(0, 1024) },
  };
}

function errorMessageOf(payload: Buffer): string {
  const { errorMessage = '' } = JSON.parse(payload.toString('utf8')) as { errorMessage?: string }; // the form of every function error
  return errorMessage;
}
