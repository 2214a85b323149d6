import type { Activity } from '../../../kernel/activity.ts';
import type { HttpRequest, HttpResponse } from '../../../kernel/endpoints.ts';

/** A stage that takes requests, as its integrations need to know it. */
export interface StageFacts {
  readonly account: string;
  readonly region: string;
  readonly apiId: string;
  /** `abc123.execute-api.eu-west-1.amazonaws.com` */
  readonly domainName: string;
  /** `$default`, or its name. */
  readonly name: string;
  readonly variables: Readonly<Record<string, string>> | undefined;
}

/** One request on its way through a route to an integration. */
export interface Exchange {
  readonly stage: StageFacts;
  readonly request: HttpRequest;
  readonly routeKey: string;
  /** The path as the client asked for it, decoded, without the stage. */
  readonly path: string;
  /** The path with the stage in front, as AWS gives it to functions: `/prod/orders/1`. */
  readonly stagePath: string;
  readonly parameters: Readonly<Record<string, string>> | undefined;
  /** As in `apigw-requestid`. */
  readonly requestId: string;
  /** `Root=1-…` */
  readonly traceId: string;
  /** The cloud's time at which it came, ms. */
  readonly at: number;
  /** The id of the hop that the request is. */
  readonly cause: number;
  readonly activity: Activity;
  /** Says on the hop why an answer is what it is. */
  readonly note: (text: string) => void;
}

/** An answer that is on its way. */
export interface Pending {
  readonly answer: Promise<HttpResponse>;
  /** Nobody waits for it any more. */
  readonly cancel?: () => void;
}

/** What answers the requests of a route. */
export type Integrate = (exchange: Exchange) => Pending;

/** The value of a header; several of one name are joined with commas. */
export function header({ request }: Pick<Exchange, 'request'>, name: string): string | undefined {
  let value: string | undefined;
  for (const [key, text] of request.headers)
    if (key.length === name.length && key.toLowerCase() === name)
      value = value === undefined ? text : `${value},${text}`;
  return value;
}
