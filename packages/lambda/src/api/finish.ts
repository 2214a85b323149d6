import type { Answer } from './event.ts';
import type { Reply } from './reply.ts';

/**
 * Makes the answer in the shape of the event: at once, unless something has to be waited for (`finally`, compression, a stream).
 *
 * @param plain leaves out what may fail: for the answer to an error.
 */
export function finish(reply: Reply, plain: boolean = false): Answer | Promise<Answer> {
  const preparing = plain ? undefined : reply.prepare();
  return preparing === undefined ? complete(reply) : preparing.then(() => complete(reply));
}

function complete(reply: Reply): Answer | Promise<Answer> {
  const answer = assemble(reply);
  // Whoever sends an open reply says when all is sent.
  if (reply.open) return answer;
  return reply.request.app.finallyHandler === undefined ? close(reply, answer) : cleanUp(reply, answer);
}

function close(reply: Reply, answer: Answer): Answer {
  reply.closed = true;
  if (reply.request.app.logger.enabled) reply.request.app.logger.access(reply, answer.statusCode);
  return answer;
}

/** Runs `finally`, and writes the access entry. */
export async function cleanUp(reply: Reply, answer: Answer): Promise<Answer> {
  const { app } = reply.request;
  try {
    await app.finallyHandler?.(reply.request, reply);
  } catch (error) {
    // The answer stands: what went wrong while cleaning up is not the client's business.
    app.logger.error(reply, error);
  }
  return close(reply, answer);
}

function assemble(reply: Reply): Answer {
  const { source, app } = reply.request;
  const status = (reply.statusCode = validStatus(reply.statusCode));
  const { content } = reply;
  let body = '';
  let base64 = app.options.isBase64 === true;
  if (!reply.bodyless) {
    if (typeof content === 'string') body = content;
    else if (content instanceof Uint8Array) {
      body = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64');
      base64 = true;
    }
  }
  const headers = reply.contentType === '' ? (reply.bag ?? {}) : reply.bag;
  return source.answer(status, reply.contentType, headers, body, base64);
}

const validStatus = (code: number): number => (Number.isInteger(code) && code >= 100 && code <= 999 ? code : 500);
