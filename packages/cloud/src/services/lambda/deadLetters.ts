import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { type Principal, rolePrincipal } from '../../kernel/credentials.ts';
import { parseArn } from '../../kernel/names.ts';
import type { Aws, ServiceEnvironment } from '../../kernel/service.ts';
import type { RunResult } from './environments/contract.ts';
import type { LambdaStores } from './operation.ts';
import type { QueuedEvent } from './stores/eventStore.ts';
import type { Target } from './targets.ts';

/** Why an event was given up, in AWS's words. */
export type DeathReason =
  | 'RetriesExhausted'
  | 'EventAgeExceeded'
  | 'ZeroReservedConcurrency'
  | 'RecursiveInvocationDropped';

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
    if (destination !== undefined) void this.#deliver(destination, resultOf(event, 'Success'), event, target, cause);
  }

  /** Sends an event that was given up. @param done - is told what went wrong, or undefined */
  failed(event: DeadEvent, target: Target, cause: number, done: (failure: string | undefined) => void): void {
    const destination = this.#destination(target, 'onFailure');
    const deliveries: Promise<string | undefined>[] = [];
    if (destination !== undefined) {
      deliveries.push(this.#deliver(destination, resultOf(event, event.reason), event, target, cause));
    }
    if (target.deadLetterArn !== undefined) {
      const letter = { body: event.payload.toString('utf8'), attributes: letterAttributes(event), result: undefined };
      deliveries.push(this.#deliver(target.deadLetterArn, letter, event, target, cause));
    }
    void Promise.all(deliveries).then((failures) => done(failures.find((failure) => failure !== undefined)));
  }

  #destination(target: Target, kind: 'onSuccess' | 'onFailure'): string | undefined {
    return this.#stores.eventConfigs.find(target, target.name, target.qualifier ?? '$LATEST')?.[kind];
  }

  /** Resolves to what went wrong, which the trace says too. */
  async #deliver(
    destination: string,
    parcel: Parcel,
    { functionArn, version }: EndedEvent,
    { choices, name }: Target,
    cause: number,
  ): Promise<string | undefined> {
    const { scheduler, trace } = this.#environment;
    using _activity = scheduler.begin('delivery', `an event of ${functionArn} to ${destination}`, cause);
    const roleArn = choices.find((choice) => choice.version === version)?.runnable?.roleArn;
    const principal = roleArn === undefined ? undefined : rolePrincipal(roleArn, name);
    try {
      await this.#send(destination, parcel, principal, functionArn, cause);
      return undefined;
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      const hop = trace.begin({
        cause,
        service: 'lambda',
        operation: 'DeliverEvent',
        principal: principal?.arn ?? 'lambda.amazonaws.com',
        resource: functionArn,
        target: destination,
        bytes: Buffer.byteLength(parcel.body),
        note: `${parcel.result?.kind === 'Success' ? 'the record is lost' : 'the event is kept'}: ${failure}`,
      });
      trace.end(hop, 'dropped');
      return failure;
    }
  }

  async #send(
    destination: string,
    { body, attributes, result }: Parcel,
    principal: Principal | undefined,
    sourceArn: string,
    cause: number,
  ): Promise<void> {
    const to = parseArn(destination);
    if (to === undefined) throw new TypeError(`'${destination}' is no ARN`);
    const { account, region, resource } = to;
    const aws = this.#environment.aws({ account, region, cause, sourceArn, ...(principal && { principal }) });
    if (to.service === 'sqs') {
      const QueueUrl = `${this.#environment.settings.endpoint}/${account}/${resource}`;
      await aws.sqs.SendMessage({ QueueUrl, MessageBody: body, MessageAttributes: attributes });
    } else if (to.service === 'sns') {
      await aws.sns.Publish({ TopicArn: destination, Message: body, MessageAttributes: attributes });
    } else if (to.service === 'lambda') {
      await aws.lambda.Invoke({ FunctionName: destination, InvocationType: 'Event', Payload: Buffer.from(body) });
    } else if (to.service === 'events' && result !== undefined) {
      await putResult(aws, destination, result, body);
    } else throw new TypeError(`Skein cannot deliver events of functions to ${to.service} yet`);
  }
}

/** What goes to a destination or a dead-letter queue. */
interface Parcel {
  readonly body: string;
  readonly attributes: Record<string, MessageAttributeValue> | undefined;
  /** What an event bus is told besides; undefined of a dead letter, which goes to none. */
  readonly result: { readonly kind: 'Success' | 'Failure'; readonly functionArn: string } | undefined;
}

const resultOf = (event: EndedEvent, condition: 'Success' | DeathReason): Parcel => ({
  body: record(event, condition),
  attributes: undefined,
  result: { kind: condition === 'Success' ? 'Success' : 'Failure', functionArn: qualifiedArn(event) },
});

/** Puts a record on an event bus. @throws {DestinationError} when the bus takes it not */
async function putResult(
  aws: Aws,
  bus: string,
  { kind, functionArn }: NonNullable<Parcel['result']>,
  Detail: string,
): Promise<void> {
  const DetailType = `Lambda Function Invocation Result - ${kind}`;
  const { Entries: [answer] = [] } = await aws.eventbridge.PutEvents({
    Entries: [{ EventBusName: bus, Source: 'lambda', DetailType, Detail, Resources: [bus, functionArn] }],
  });
  if (answer?.ErrorCode !== undefined) throw new DestinationError(`${answer.ErrorCode}: ${answer.ErrorMessage}`);
}

/** An event bus did not take a record. */
class DestinationError extends Error {
  override readonly name = 'DestinationError';
}

const qualifiedArn = ({ functionArn, qualifier = '$LATEST' }: EndedEvent): string => `${functionArn}:${qualifier}`;

/** What a destination is told. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function record(event: EndedEvent, condition: string): string {
  const { result } = event;
  const functionArn = qualifiedArn(event);
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
