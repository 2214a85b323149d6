import { Bare } from './bare.ts';
import { decodePlus } from './decode.ts';
import {
  copy,
  copyAll,
  type EventSource,
  gatewaySourceOf,
  type HttpEvent,
  joined,
  listed,
  restSingle,
} from './event.ts';
import { statusText } from './statusText.ts';

/** Application load balancers: they do not decode the query, and want a status line. */
const albSingle: EventSource = {
  ...restSingle,
  name: 'alb',
  query: (event) => copy(event.queryStringParameters, decodePlus),
  multiValueQuery: (event) => copyAll(undefined, event.queryStringParameters, decodePlus),
  answer(status, type, headers, body, base64) {
    const single =
      headers === undefined ? { 'content-type': type } : spread(joined(type, headers), headers['set-cookie']);
    return { statusCode: status, statusDescription: line(status), headers: single, body, isBase64Encoded: base64 };
  },
};

const albMulti: EventSource = {
  ...albSingle,
  query: (event) => lastOf(copyAll(event.multiValueQueryStringParameters, undefined, decodePlus)),
  multiValueQuery: (event) => copyAll(event.multiValueQueryStringParameters, undefined, decodePlus),
  answer: (status, type, headers, body, base64) => ({
    statusCode: status,
    statusDescription: line(status),
    multiValueHeaders: headers === undefined ? { 'content-type': [type] } : listed(type, headers),
    body,
    isBase64Encoded: base64,
  }),
};

/** Tells from an event's shape where it comes from. */
export function sourceOf(event: HttpEvent): EventSource {
  const context = event.requestContext;
  if (context?.elb !== undefined && context.http === undefined) return event.multiValueHeaders ? albMulti : albSingle;
  return gatewaySourceOf(event);
}

const line = (status: number): string => `${status} ${statusText(status)}`;

function lastOf(all: Record<string, string[]>): Record<string, string> {
  const last = new Bare<string>();
  for (const name in all) last[name] = all[name]?.at(-1) ?? '';
  return last;
}

/**
 * A load balancer without multi-value headers takes one value per name, but compares names as they are written:
 * each cookie gets a spelling of its own.
 */
function spread(single: Record<string, string>, cookies: string | string[] | undefined): Record<string, string> {
  if (!Array.isArray(cookies)) return single;
  delete single['set-cookie'];
  for (const [index, cookie] of cookies.entries()) single[spelling('set-cookie', index)] = cookie;
  return single;
}

function spelling(name: string, index: number): string {
  let bits = index;
  return name.replace(/[a-z]/g, (letter) => {
    const upper = bits & 1;
    bits >>= 1;
    return upper ? letter.toUpperCase() : letter;
  });
}
