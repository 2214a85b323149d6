/** One server-sent event. */
export interface ServerSentEvent {
  /** Text, or something that is sent as JSON. */
  readonly data?: unknown;
  /** Name of the event. @default 'message' for the client */
  readonly event?: string;
  /** Id that a client sends back as `last-event-id` when it connects again. */
  readonly id?: string;
  /** After how many milliseconds a client connects again. */
  readonly retry?: number;
  /** A comment, to keep the connection alive. */
  readonly comment?: string;
}

interface EventResponse {
  header(key: string, value: string): EventResponse;
  stream(source: AsyncIterable<string>): void;
}

/**
 * Answers with server-sent events.
 *
 * @example
 * api.get('/progress', (req, res) => sendEvents(res, progress(req.params.id)));
 */
export function sendEvents(
  res: EventResponse,
  events: AsyncIterable<ServerSentEvent> | Iterable<ServerSentEvent>,
): void {
  res.header('content-type', 'text/event-stream').header('cache-control', 'no-cache').stream(formatEvents(events));
}

async function* formatEvents(
  events: AsyncIterable<ServerSentEvent> | Iterable<ServerSentEvent>,
): AsyncGenerator<string> {
  for await (const event of events) yield formatEvent(event);
}

/** The lines of an event. Line breaks in names, ids and comments cannot start a line of their own. */
export function formatEvent({ data, event, id, retry, comment }: ServerSentEvent): string {
  const single = (text: string): string => text.replace(/[\r\n\0]+/g, ' ');
  let lines = comment === undefined ? '' : `: ${single(comment)}\n`;
  if (event !== undefined) lines += `event: ${single(event)}\n`;
  if (id !== undefined) lines += `id: ${single(id)}\n`;
  if (retry !== undefined) lines += `retry: ${Math.trunc(retry)}\n`;
  if (data !== undefined) {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    lines += text
      .split(/\r\n|\r|\n/)
      .map((line) => `data: ${line}\n`)
      .join('');
  }
  return `${lines}\n`;
}
