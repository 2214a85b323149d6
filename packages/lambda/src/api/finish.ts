import { collect, isSource } from './byteSource.ts';
import type { Answer } from './event.ts';
import type { Reply } from './reply.ts';

/** Statuses that never have a body. */
const isEmpty = (code: number): boolean => code < 200 || code === 204 || code === 205 || code === 304;

/**
 * Makes the answer in the shape of the event: at once, unless something has to be waited for (`finally`, compression, a stream).
 *
 * @param plain leaves out what may fail: for the answer to an error.
 */
export function finish(reply: Reply, plain: boolean = false): Answer | Promise<Answer> {
  const { app } = reply.request;
  if (!plain && (isSource(reply.content) || app.options.compression)) return finishSlowly(reply);
  const answer = assemble(reply);
  return app.finallyHandler === undefined ? close(reply, answer) : cleanUp(reply, answer);
}

async function finishSlowly(reply: Reply): Promise<Answer> {
  const { app } = reply.request;
  if (isSource(reply.content)) {
    // The caller sends the pieces, and says when it is done.
    if (reply.streaming && !bodyless(reply)) return assemble(reply);
    reply.content = await collect(reply.content);
  }
  if (reply.wantsEtag) tag(reply);
  if (app.options.compression && !bodyless(reply)) {
    const { compress } = await import('./compress.ts');
    await compress(reply, app.options.compression);
  }
  const answer = assemble(reply);
  return app.finallyHandler === undefined ? close(reply, answer) : cleanUp(reply, answer);
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

const bodyless = (reply: Reply): boolean => isEmpty(reply.statusCode) || reply.request.method === 'HEAD';

function assemble(reply: Reply): Answer {
  if (reply.wantsEtag) tag(reply);
  const { source, app } = reply.request;
  const status = (reply.statusCode = validStatus(reply.statusCode));
  const { content } = reply;
  let body = '';
  let base64 = app.options.isBase64 === true;
  if (!bodyless(reply)) {
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

/** Adds the ETag of the body, and turns the answer into 304 when the client has it already. */
function tag(reply: Reply): void {
  reply.wantsEtag = false;
  const { request, content } = reply;
  if (reply.statusCode !== 200 || (request.method !== 'GET' && request.method !== 'HEAD') || isSource(content)) return;
  if (!reply.hasHeader('etag')) {
    const { createHash } = process.getBuiltinModule('node:crypto');
    reply.header('etag', `"${createHash('sha256').update(content).digest('hex').slice(0, 32)}"`);
  }
  const own = String(reply.getHeader('etag')).replace(/^W\//, '');
  const known = request.header('if-none-match');
  if (known === undefined) return;
  const has = known.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === own);
  if (has) reply.status(304).removeHeader('content-type');
}
