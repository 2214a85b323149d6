import type { HttpResponse } from '../../../kernel/endpoints.ts';
import type { RunResult } from '../environments/contract.ts';

/** Headers of an answer. */
export type Headers = (readonly [name: string, value: string])[];

/**
 * What a client gets of what a function returned: the value itself as JSON, or what `statusCode`, `headers`, `cookies` and `body` say; of a
 * function that streams its answer, what it wrote.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload
 */
export function urlAnswer(
  { payload, functionError }: Pick<RunResult, 'payload' | 'functionError'>,
  requestId: string,
): HttpResponse {
  const base = baseOf(requestId);
  if (functionError !== undefined) return failed(base);
  const streamed = preluded(payload);
  if (streamed !== undefined) return httpAnswer(streamed.prelude, streamed.body, base);
  const value = parsed(payload);
  if (value === undefined) {
    return { status: 200, headers: [['content-type', 'application/octet-stream'], ...base], body: payload };
  }
  if (!isAnswer(value)) {
    const body = typeof value === 'string' ? value : payload;
    return { status: 200, headers: [['content-type', 'application/json'], ...base], body };
  }
  return httpAnswer(value, bodyOf(value.body, value.isBase64Encoded === true), base);
}

/** The headers of every answer. */
export const baseOf = (requestId: string): Headers => [['x-amzn-requestid', requestId]];

/** The answer that status and headers of a function's make, when they are an HTTP answer's. */
export function httpAnswer(answer: Answer, body: string | Uint8Array, base: Headers): HttpResponse {
  const { statusCode } = answer;
  const headers = headersOf(answer);
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type'))
    headers.push(['content-type', 'application/json']);
  if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 599) return failed(base);
  return { status: statusCode, headers: [...headers, ...base], body };
}

/** What is between status and headers, and the body. */
export const DELIMITER: Buffer = Buffer.alloc(8);

/** Status and headers that a streaming function put before the body, with eight zeros between. */
function preluded(payload: Buffer): { readonly prelude: Answer; readonly body: Buffer } | undefined {
  const end = payload[0] === 0x7b ? payload.indexOf(DELIMITER) : -1;
  if (end < 0) return undefined;
  const prelude = preludeOf(payload.subarray(0, end));
  return prelude && { prelude, body: payload.subarray(end + DELIMITER.length) };
}

/** Status and headers as a streaming function writes them. */
export function preludeOf(bytes: Buffer): Answer | undefined {
  const prelude = parsed(bytes);
  return typeof prelude === 'object' && prelude !== null ? { statusCode: 200, ...prelude } : undefined;
}

function parsed(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** What a client gets when a function fails. */
export const failed = (base: Headers): HttpResponse => ({
  status: 502,
  headers: [['content-type', 'application/json'], ...base],
  body: 'Internal Server Error',
});

/** Status, headers and body as a function says them. */
export interface Answer {
  readonly statusCode: number;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

const isAnswer = (value: unknown): value is Answer =>
  typeof value === 'object' && value !== null && 'statusCode' in value;

function headersOf({ headers, cookies }: Answer): Headers {
  const result: Headers = [];
  if (typeof headers === 'object' && headers !== null) {
    for (const [name, value] of Object.entries(headers)) result.push([name, String(value)]);
  }
  if (Array.isArray(cookies)) for (const cookie of cookies) result.push(['set-cookie', String(cookie)]);
  return result;
}

function bodyOf(body: unknown, isBase64: boolean): string | Uint8Array {
  if (body === undefined || body === null) return '';
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return isBase64 ? Buffer.from(text, 'base64') : text;
}
