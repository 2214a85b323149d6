import type { LoggerOptions } from '../log/options.ts';
import { ConfigurationError } from './errors.ts';
import { checkHeaders } from './reply.ts';

/** Ways to compress an answer. */
export type Encoding = 'br' | 'gzip' | 'deflate';

/** Options of an API. */
export interface Options {
  /** Path in front of all routes. @default - none */
  readonly base?: string;
  /** Version of the API, seen in `req.version` and the access log. @default 'v1' */
  readonly version?: string;
  /** Query parameter that names the function of a JSONP answer. @default 'callback' */
  readonly callbackName?: string;
  /** Content types by file extension, beside the known ones. */
  readonly mimeTypes?: Readonly<Record<string, string>>;
  /** Makes text of what is answered. @default JSON.stringify */
  readonly serializer?: (body: unknown) => string;
  /** Headers that stay when an error is answered. */
  readonly errorHeaderWhitelist?: readonly string[];
  /** Says of every answer that its body is base64: for a serializer that makes it so. @default false */
  readonly isBase64?: boolean;
  /** Headers of every answer. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Compresses by `accept-encoding`: `true` prefers gzip; a list names what is allowed, in order of preference. @default false */
  readonly compression?: boolean | readonly Encoding[];
  /** Logging. @default false */
  readonly logger?: boolean | LoggerOptions;
  /** Region and credentials for files in S3, if not those of the function. */
  readonly s3Config?: S3Config;
  /** Longest body in bytes; a longer one is answered with 413. @default - no limit but Lambda's own */
  readonly bodyLimit?: number;
  /** How long before the function's timeout an unanswered request is answered with 504, in ms; `false` leaves it to Lambda. @default 50 */
  readonly timeoutMargin?: number | false;
}

/** Where files in S3 are. */
export interface S3Config {
  /** @default - the function's */
  readonly region?: string;
  /** @default - the function's */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Another address than AWS's. @default - AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, else AWS */
  readonly endpoint?: string;
  /** Bucket in the path instead of in the host's name. @default - true with another endpoint */
  readonly forcePathStyle?: boolean;
}

/** @throws {ConfigurationError} for options that cannot work. */
export function checkOptions(options: Options): void {
  if (options.headers !== undefined) checkHeaders(options.headers);
  if (options.serializer !== undefined && typeof options.serializer !== 'function') {
    throw new ConfigurationError('option serializer is not a function');
  }
  if (options.bodyLimit !== undefined && !(options.bodyLimit >= 0)) {
    throw new ConfigurationError(`option bodyLimit is ${options.bodyLimit}, not a number of bytes`);
  }
  if (options.base?.includes('*')) throw new ConfigurationError(`option base ${options.base} has a wildcard`);
}
