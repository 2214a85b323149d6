import type { InvokeWithResponseStreamResponseEvent } from '@aws-sdk/client-lambda';
import { AnswerPieces } from '../answerPieces.ts';
import { Constraints } from '../constraints.ts';
import type { RunResult } from '../environments/contract.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';
import { MAX_PAYLOAD_BYTES, payloadOf } from './invoke.ts';

/** As `Invoke`, with the answer as a stream of events: what a function streams is sent as it is written. */
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
    const stream = new AnswerPieces();
    const running = invoker.run(target, runnable, {
      requestId,
      payload,
      clientContext: ClientContext,
      traceHeader,
      cause,
      isOperation: true,
      stream,
    });
    context.activity.pause();
    // What a function fails with is in the result: the stream itself has no more to say.
    const ended = running.finally(() => stream.end());
    const first = await Promise.race([stream.begun, ended]);
    const isStreamed = typeof first === 'string';
    return {
      StatusCode: 200,
      ExecutedVersion: runnable.version,
      ResponseStreamContentType: isStreamed ? first : 'application/octet-stream',
      EventStream: eventsOf(isStreamed ? stream : undefined, ended, LogType === 'Tail'),
    };
  };

async function* eventsOf(
  stream: AnswerPieces | undefined,
  ended: Promise<RunResult>,
  withLog: boolean,
): AsyncGenerator<InvokeWithResponseStreamResponseEvent> {
  if (stream !== undefined) for await (const piece of stream.body) yield { PayloadChunk: { Payload: piece } };
  const { payload, functionError, logTail } = await ended;
  if (functionError === undefined && payload.length > 0) yield { PayloadChunk: { Payload: payload } };
  yield {
    InvokeComplete: {
      ErrorCode: functionError,
      ErrorDetails: functionError === undefined ? undefined : payload.toString('utf8'),
      LogResult: withLog ? Buffer.from(logTail).toString('base64') : undefined,
    },
  };
}
