import { isUtf8 } from 'node:buffer';
import type { Exchange } from './exchange.ts';
import { header } from './exchange.ts';

/** Headers that concern one connection only, and never pass the gateway. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** A request's body as text: as it is, or in base64. */
export interface TextBody {
  /** Undefined when there is none. */
  readonly body: string | undefined;
  readonly isBase64Encoded: boolean;
}

/** Text by its content type (`application/json`, `text/*`, …) stays text. All else, forms and untyped bodies too, becomes base64 as on AWS. */
export function textBody(exchange: Exchange): TextBody {
  const { body } = exchange.request;
  if (body.length === 0) return { body: undefined, isBase64Encoded: false };
  const isText = isTextType(header(exchange, 'content-type')) && isUtf8(body);
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

const isTextType = (type = ''): boolean =>
  /^\s*(?:text\/[^;]+|application\/(?:json|javascript|xml))\s*(?:;|$)/i.test(type);

/** Headers that the gateway adds to a client's. */
export function addedHeaders(exchange: Exchange): (readonly [name: string, value: string])[] {
  const { request, traceId } = exchange;
  const forwardedFor = header(exchange, 'x-forwarded-for');
  const port = /:(\d+)$/.exec(request.host)?.[1] ?? '80';
  return [
    ['Content-Length', String(request.body.length)],
    ['X-Amzn-Trace-Id', traceId],
    ['X-Forwarded-For', forwardedFor === undefined ? request.sourceIp : `${forwardedFor}, ${request.sourceIp}`],
    ['X-Forwarded-Port', port],
    ['X-Forwarded-Proto', 'http'],
  ];
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time in the Common Log Format: `12/Mar/2020:19:03:58 +0000`. */
export function commonLogTime(at: number): string {
  const iso = new Date(at).toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}

/** Names and values of a query, decoded, in order. */
export function queryPairs(query: string): [name: string, value: string][] {
  if (query === '') return [];
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      return equals < 0 ? [decode(part), ''] : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))];
    });
}

/** Text of a query, decoded; as it is when its percent signs encode nothing. */
function decode(text: string): string {
  if (!/[%+]/.test(text)) return text;
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
