import { isUtf8 } from 'node:buffer';
import { Constraints } from '../constraints.ts';
import { invalidParameter, invalidRequestContent, requestEntityTooLarge } from '../errors.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';

/** 6 MB, of a call that waits for the answer. */
export const MAX_PAYLOAD_BYTES: number = 6_291_456;
/** 1 MB, of one that does not. */
export const MAX_EVENT_BYTES: number = 1_048_576;
const NO_PAYLOAD = Buffer.from('{}');

export const invoke =
  ({ targets, invoker, events }: LambdaDependencies): LambdaOperations['Invoke'] =>
  (input, context) => {
    const { InvocationType = 'RequestResponse', LogType, Qualifier, ClientContext } = input;
    if (InvocationType !== 'RequestResponse' || LogType !== undefined) check(InvocationType, LogType);
    const target = targets.find(input.FunctionName, Qualifier, context);
    const payload = payloadOf(
      input.Payload as Uint8Array | undefined,
      InvocationType === 'Event' ? MAX_EVENT_BYTES : MAX_PAYLOAD_BYTES,
    ); // the wire gives bytes
    if (InvocationType === 'DryRun') return { StatusCode: 204 };
    const traceHeader = invoker.newTraceHeader();
    const { requestId, cause } = context;
    if (InvocationType === 'Event') {
      targets.choose(target);
      events.accept(target, { requestId, payload, clientContext: ClientContext, traceHeader, cause });
      return { StatusCode: 202 };
    }
    const runnable = targets.choose(target);
    const running = invoker.run(target, runnable, {
      requestId,
      payload,
      clientContext: ClientContext,
      traceHeader,
      cause,
      isOperation: true,
    });
    context.activity.pause();
    return running.then((result) => ({
      StatusCode: 200,
      ExecutedVersion: runnable.version,
      FunctionError: result.functionError,
      LogResult: LogType === 'Tail' ? Buffer.from(result.logTail).toString('base64') : undefined,
      Payload: result.payload,
    }));
  };

function check(invocationType: string, logType: string | undefined): void {
  new Constraints()
    .oneOf(invocationType, 'invocationType', ['Event', 'RequestResponse', 'DryRun'])
    .oneOf(logType, 'logType', ['None', 'Tail'])
    .hold();
  if (invocationType === 'Event' && logType === 'Tail') {
    throw invalidParameter('The log type Tail is not supported for asynchronous invocations.');
  }
}

/** @throws RequestEntityTooLargeException, InvalidRequestContentException */
export function payloadOf(payload: Uint8Array | undefined, maxBytes: number): Buffer {
  if (payload === undefined || payload.length === 0) return NO_PAYLOAD;
  if (payload.length > maxBytes) {
    throw requestEntityTooLarge(`Request must be smaller than ${maxBytes} bytes for the InvokeFunction operation`);
  }
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  try {
    JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw invalidRequestContent(error instanceof Error ? error.message : String(error));
  }
  if (!isUtf8(bytes)) throw invalidRequestContent('Invalid UTF-8');
  return bytes;
}
