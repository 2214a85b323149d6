import type { InvokeWithResponseStreamResponseEvent } from '@aws-sdk/client-lambda';
import { Constraints } from '../constraints.ts';
import type { RunResult } from '../environments/contract.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';
import { MAX_PAYLOAD_BYTES, payloadOf } from './invoke.ts';

/** As `Invoke`, with the answer as a stream of events: here one piece, when the function has answered. */
export const invokeWithResponseStream =
  ({ targets, invoker }: LambdaDependencies): LambdaOperations['InvokeWithResponseStream'] =>
  async ({ FunctionName, Qualifier, InvocationType, LogType, ClientContext, Payload }, context) => {
    new Constraints()
      .oneOf(InvocationType, 'invocationType', ['DryRun', 'RequestResponse'])
      .oneOf(LogType, 'logType', ['None', 'Tail'])
      .hold();
    const target = targets.find(FunctionName, Qualifier, context);
    const payload = payloadOf(Payload as Uint8Array | undefined, MAX_PAYLOAD_BYTES); // the wire gives bytes
    if (InvocationType === 'DryRun') return { StatusCode: 204 };
    const runnable = targets.choose(target);
    const { requestId, cause } = context;
    const traceHeader = invoker.newTraceHeader();
    const running = invoker.run(target, runnable, {
      requestId,
      payload,
      clientContext: ClientContext,
      traceHeader,
      cause,
      isOperation: true,
    });
    context.activity.pause();
    const result = await running;
    return {
      StatusCode: 200,
      ExecutedVersion: runnable.version,
      ResponseStreamContentType: 'application/octet-stream',
      EventStream: eventsOf(result, LogType === 'Tail'),
    };
  };

async function* eventsOf(
  { payload, functionError, logTail }: RunResult,
  withLog: boolean,
): AsyncGenerator<InvokeWithResponseStreamResponseEvent> {
  if (functionError === undefined && payload.length > 0) yield { PayloadChunk: { Payload: payload } };
  yield {
    InvokeComplete: {
      ErrorCode: functionError,
      ErrorDetails: functionError === undefined ? undefined : payload.toString('utf8'),
      LogResult: withLog ? Buffer.from(logTail).toString('base64') : undefined,
    },
  };
}
