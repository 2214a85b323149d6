import type { LambdaDependencies, LambdaOperations } from '../operation.ts';
import { MAX_EVENT_BYTES, payloadOf } from './invoke.ts';

/** The older form of an `Event` invocation. */
export const invokeAsync =
  ({ targets, invoker, events }: LambdaDependencies): LambdaOperations['InvokeAsync'] =>
  ({ FunctionName, InvokeArgs }, context) => {
    const target = targets.find(FunctionName, undefined, context);
    targets.choose(target);
    const payload = payloadOf(InvokeArgs as Uint8Array, MAX_EVENT_BYTES); // the wire gives bytes
    const { requestId, cause } = context;
    events.accept(target, {
      requestId,
      payload,
      clientContext: undefined,
      traceHeader: invoker.newTraceHeader(),
      cause,
    });
    return { Status: 202 };
  };
