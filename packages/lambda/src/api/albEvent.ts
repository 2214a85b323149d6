import { Bare } from './bare.ts';
import { decodePlus } from './decode.ts';
import { copy, copyAll, type EventSource, gatewaySourceOf, type HttpEvent, restMulti, restSingle } from './event.ts';
import { statusText } from './statusText.ts';

/** Application load balancers: they do not decode the query, and want a status line. */
const albSingle: EventSource = {
  ...restSingle,
  name: 'alb',
  query: (event) => copy(event.queryStringParameters, decodePlus),
  multiValueQuery: (event) => copyAll(undefined, event.queryStringParameters, decodePlus),
  answer(status, ...rest) {
    const { multiValueHeaders, headers, ...answer } = restSingle.answer(status, ...rest);
    const single = { ...headers };
    // It takes one value per name, but compares names as they are written: each cookie gets a spelling of its own.
    for (const [index, cookie] of multiValueHeaders?.['set-cookie']?.entries() ?? [])
      single[spelling('set-cookie', index)] = cookie;
    return { ...answer, statusDescription: line(status), headers: single };
  },
};

const albMulti: EventSource = {
  ...albSingle,
  query: (event) => lastOf(copyAll(event.multiValueQueryStringParameters, undefined, decodePlus)),
  multiValueQuery: (event) => copyAll(event.multiValueQueryStringParameters, undefined, decodePlus),
  answer: (status, ...rest) => ({ ...restMulti.answer(status, ...rest), statusDescription: line(status) }),
};

/** Tells from an event's shape where it comes from. */
export function sourceOf(event: HttpEvent): EventSource {
  const context = event.requestContext;
  if (context?.http === undefined && context?.elb !== undefined) return event.multiValueHeaders ? albMulti : albSingle;
  return gatewaySourceOf(event);
}

const line = (status: number): string => `${status} ${statusText(status)}`;

function lastOf(all: Record<string, string[]>): Record<string, string> {
  const last = new Bare<string>();
  for (const name in all) last[name] = all[name]?.at(-1) ?? '';
  return last;
}

function spelling(name: string, index: number): string {
  let bits = index;
  return name.replace(/[a-z]/g, (letter) => {
    const upper = bits & 1;
    bits >>= 1;
    return upper ? letter.toUpperCase() : letter;
  });
}
