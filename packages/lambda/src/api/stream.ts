import { appOf } from './api.ts';
import type { LambdaContext } from './app.ts';
import type { HttpEvent } from './event.ts';
import { type Sink, sendTo } from './send.ts';

/** What Lambda's Node runtime offers for streaming. */
interface StreamingRuntime {
  streamifyResponse<H>(handler: (event: HttpEvent, stream: Sink, context: LambdaContext) => Promise<void>): H;
  readonly HttpResponseStream: { from(stream: Sink, metadata: unknown): Sink };
}

/** A function's handler. */
export type StreamingHandler = (event: object, context: object) => Promise<unknown>;

/**
 * The handler of an API that sends its answers piece by piece: behind a function URL with `InvokeMode: RESPONSE_STREAM`, or a REST API with response streaming.
 * Outside of Lambda, where the runtime cannot stream, it answers like `api.handler`.
 *
 * @example
 * export const handler = streamHandler(api);
 */
export function streamHandler(api: { readonly handler: StreamingHandler }): StreamingHandler {
  const app = appOf(api);
  // The runtime defines it before it loads the function; no types of Node know it.
  const { awslambda } = globalThis as { awslambda?: StreamingRuntime };
  if (awslambda === undefined) return api.handler;
  return awslambda.streamifyResponse((event, stream, context) =>
    sendTo(app, event, context, ({ body, isBase64Encoded: _, ...head }) => {
      const sink = awslambda.HttpResponseStream.from(stream, head);
      // The runtime sends the head before the first piece: without any it would be lost, and with a slow one it would be late.
      if (body === '') sink.write('');
      return sink;
    }),
  );
}
