import type { Readable } from 'node:stream';
import type { HttpResponse } from '../../../kernel/endpoints.ts';
import { type Answer, baseOf, DELIMITER, failed, httpAnswer, preludeOf } from './urlAnswer.ts';

/** Says that status and headers come before the body. */
const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';
/** Status and headers that are longer have no end. */
const MAX_PRELUDE_BYTES = 1_048_576;

/**
 * What a client gets of what a function streams: the head as soon as it is there, then each piece as it is written.
 * https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html
 */
export async function streamedAnswer(contentType: string, body: Readable, requestId: string): Promise<HttpResponse> {
  const base = baseOf(requestId);
  if (contentType !== PRELUDE_TYPE)
    return { status: 200, headers: [['content-type', contentType], ...base], body: '', stream: body };
  const prelude = await readPrelude(body).catch(() => undefined);
  const answer = prelude === undefined ? failed(base) : httpAnswer(prelude, '', base);
  if (answer.body === '') return { ...answer, stream: body };
  body.destroy();
  return answer;
}

/** Takes status and headers from the front of a body. */
async function readPrelude(body: Readable): Promise<Answer | undefined> {
  let read: Buffer = Buffer.alloc(0);
  for await (const piece of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    read = read.length === 0 ? piece : Buffer.concat([read, piece]);
    const end = read.indexOf(DELIMITER);
    if (end >= 0) {
      const rest = read.subarray(end + DELIMITER.length);
      if (rest.length > 0) body.unshift(rest);
      return preludeOf(read.subarray(0, end));
    }
    if (read.length > MAX_PRELUDE_BYTES) return undefined;
  }
  return undefined;
}
