import type { HttpResponse } from '../../../kernel/endpoints.ts';
import { INTERNAL_ERROR } from './answers.ts';

/**
 * A function's answer as HTTP. One that is none gives 500.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function lambdaAnswer(format: '1.0' | '2.0', payload: Uint8Array | undefined): HttpResponse {
  const text = payload === undefined ? '' : Buffer.from(payload).toString('utf8');
  const answer = parse(text);
  if (answer === undefined) return INTERNAL_ERROR;
  if (!isRecord(answer.value) || answer.value['statusCode'] === undefined) {
    return format === '2.0' ? inferred(answer.value, text) : INTERNAL_ERROR;
  }
  return formatted(format, answer.value) ?? INTERNAL_ERROR;
}

/** Format 2.0: whatever has no status code is the body. */
const inferred = (value: unknown, text: string): HttpResponse => ({
  status: 200,
  headers: [['content-type', 'application/json']],
  body: typeof value === 'string' ? value : text,
});

/** An answer with a status code; undefined when it is malformed. */
function formatted(format: '1.0' | '2.0', answer: Record<string, unknown>): HttpResponse | undefined {
  const status = Number(answer['statusCode']);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const body = bodyOf(answer);
  const headers = headersOf(format, answer);
  if (body === undefined || headers === undefined) return undefined;
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type')) {
    headers.push(['content-type', 'text/plain;charset=UTF-8']);
  }
  return { status, headers, body };
}

function bodyOf({ body, isBase64Encoded }: Record<string, unknown>): string | Uint8Array | undefined {
  if (body === undefined || body === null) return '';
  if (typeof body !== 'string') return undefined;
  return isBase64Encoded === true || isBase64Encoded === 'true' ? Buffer.from(body, 'base64') : body;
}

function headersOf(format: '1.0' | '2.0', answer: Record<string, unknown>): [string, string][] | undefined {
  const all = new Map<string, string[]>();
  const add = (name: string, values: readonly unknown[]): boolean => {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return false;
    const texts = values.map(String);
    all.set(name.toLowerCase(), texts);
    return values.every(isScalar) && texts.every(isHeaderText);
  };
  const { headers = null, multiValueHeaders = null, cookies = null } = answer;
  if (headers !== null && !isRecord(headers)) return undefined;
  for (const [name, value] of Object.entries(headers ?? {})) if (!add(name, [value])) return undefined;
  if (format === '1.0' && multiValueHeaders !== null) {
    if (!isRecord(multiValueHeaders)) return undefined;
    for (const [name, values] of Object.entries(multiValueHeaders))
      if (!Array.isArray(values) || !add(name, values)) return undefined;
  }
  if (format === '2.0' && cookies !== null) {
    const own = all.get('set-cookie') ?? [];
    if (!Array.isArray(cookies) || !add('set-cookie', [...own, ...cookies])) return undefined;
  }
  return [...all].flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** What a header may carry: Latin-1 without control characters. */
const isHeaderText = (text: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(text);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
