import type { HttpResponse } from '../../../kernel/endpoints.ts';
import type { RunResult } from '../environments/contract.ts';

type Headers = (readonly [name: string, value: string])[];

/**
 * What a client gets of what a function returned: the value itself as JSON, or what `statusCode`, `headers`, `cookies` and `body` say.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload
 */
export function urlAnswer(
  { payload, functionError }: Pick<RunResult, 'payload' | 'functionError'>,
  requestId: string,
): HttpResponse {
  const base: Headers = [['x-amzn-requestid', requestId]];
  if (functionError !== undefined) return failed(base);
  const value = JSON.parse(payload.toString('utf8')) as unknown;
  if (!isAnswer(value)) {
    const body = typeof value === 'string' ? value : value === null ? 'null' : payload;
    return { status: 200, headers: [['content-type', 'application/json'], ...base], body };
  }
  const { statusCode, body, isBase64Encoded } = value;
  const headers = headersOf(value);
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type'))
    headers.push(['content-type', 'application/json']);
  if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 599) return failed(base);
  return { status: statusCode, headers: [...headers, ...base], body: bodyOf(body, isBase64Encoded === true) };
}

const failed = (base: Headers): HttpResponse => ({
  status: 502,
  headers: [['content-type', 'application/json'], ...base],
  body: 'Internal Server Error',
});

interface Answer {
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
