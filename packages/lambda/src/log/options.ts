import type { LambdaContext } from '../api/app.ts';
import type { FullRequest } from '../api/fullRequest.ts';
import type { Reply } from '../api/reply.ts';

/** What a serializer adds to an entry; a field that is `undefined` is removed from it. */
export type Fields = Readonly<Record<string, unknown>>;

/** Change what entries look like. */
export interface Serializers {
  readonly main?: (req: FullRequest) => Fields;
  readonly req?: (req: FullRequest) => Fields;
  readonly res?: (res: Reply) => Fields;
  readonly context?: (context: LambdaContext) => Fields;
  /** For details that are objects. */
  readonly custom?: (detail: Fields) => Fields;
}

/** How often requests are sampled. */
export interface SamplingRate {
  /** Samples of a period in any case, spread over it. @default 1 */
  readonly target?: number;
  /** Share of the other requests. @default 0.1 */
  readonly rate?: number;
  /** Length of a period in seconds. @default 60 */
  readonly period?: number;
}

/** A rate for some routes only. */
export interface SamplingRule extends SamplingRate {
  /** Route as it is defined, `*` at its end for all below. */
  readonly route: string;
  /** Methods, as a list or separated by commas. @default - all */
  readonly method?: string | readonly string[];
}

/** Sampling: requests for which every level is written. */
export interface SamplingOptions extends SamplingRate {
  /** Lowest level that is written for a sample. @default 'trace' */
  readonly level?: string;
  /** The first rule that fits a route is the one that counts. */
  readonly rules?: readonly SamplingRule[];
}

/** Options of the framework's logger. */
export interface LoggerOptions {
  /** Access entries: `true` for every request, `false` only for those with other entries, `'never'`. @default false */
  readonly access?: boolean | 'never';
  /** Writes errors by itself. @default true */
  readonly errorLogging?: boolean;
  /** Field for details that are not objects. @default 'custom' */
  readonly customKey?: string;
  /** Adds the request's and the answer's fields to all entries. @default false */
  readonly detail?: boolean;
  /** Lowest level that is written; `'none'` for nothing. @default 'info' */
  readonly level?: string;
  /** Custom levels, or other priorities for the standard ones. */
  readonly levels?: Readonly<Record<string, number>>;
  /** Receives each entry as JSON. @default - raw JSON to stdout in Lambda, a readable line elsewhere */
  readonly log?: (line: string) => void;
  /** Field of the message. @default 'msg' */
  readonly messageKey?: string;
  /** Query with all values in access entries. @default false */
  readonly multiValue?: boolean;
  /** Fields of request, answer, context and detail in objects of their own. @default false */
  readonly nested?: boolean;
  /** `false` for no time, or a function that makes it. @default - milliseconds since 1970 */
  readonly timestamp?: boolean | (() => unknown);
  /** Adds the milliseconds since the request began. @default true */
  readonly timer?: boolean;
  readonly sampling?: boolean | SamplingOptions;
  readonly serializers?: Serializers;
  /** Adds the stack to errors. @default false */
  readonly stack?: boolean;
}
