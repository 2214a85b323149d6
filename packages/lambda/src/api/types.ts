import type { ByteSource } from './byteSource.ts';
import type { CookieOptions } from './cookies.ts';
import type { FileCallback, FileOptions } from './fileOptions.ts';
import type { CorsOptions } from './fullReply.ts';
import type { FullRequest } from './fullRequest.ts';
import type { NextFunction } from './functions.ts';

type Letter =
  | 'a'
  | 'b'
  | 'c'
  | 'd'
  | 'e'
  | 'f'
  | 'g'
  | 'h'
  | 'i'
  | 'j'
  | 'k'
  | 'l'
  | 'm'
  | 'n'
  | 'o'
  | 'p'
  | 'q'
  | 'r'
  | 's'
  | 't'
  | 'u'
  | 'v'
  | 'w'
  | 'x'
  | 'y'
  | 'z';
type WordCharacter = Letter | Uppercase<Letter> | '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '_';

/** The identifier at the start of a text. */
type Word<T extends string, Read extends string = ''> = T extends `${infer C}${infer Rest}`
  ? C extends WordCharacter
    ? Word<Rest, `${Read}${C}`>
    : Read
  : Read;

/** Names in a segment with several parameters, such as `lat-:lng`, whose first colon is cut off. */
type MixedNames<T extends string> = T extends `${infer First}:${infer Rest}` ? Word<First> | MixedNames<Rest> : Word<T>;

type SegmentNames<S extends string> = S extends '*'
  ? '*'
  : S extends `:${infer T}`
    ? T extends `${string}:${string}`
      ? MixedNames<T>
      : T
    : never;

type Names<P extends string> = P extends `${infer Segment}/${infer Rest}`
  ? SegmentNames<Segment> | Names<Rest>
  : SegmentNames<P>;

/** Path parameters of a route: `PathParams<'/users/:id'>` is `{ id: string }`. */
export type PathParams<P extends string> = string extends P ? Record<string, string> : { [Name in Names<P>]: string };

/** The first type with the members of the second instead of its own. */
export type Merge<Base, Adds> = unknown extends Adds ? Base : Omit<Base, keyof Adds> & Adds;

type Hidden =
  | 'source'
  | 'match'
  | 'values'
  | 'sampled'
  | 'started'
  | 'app'
  | 'params'
  | 'query'
  | 'body'
  | 'namespace'
  | 'ns';

/** What every request has, whatever its route. */
export interface RequestBase<Params, Namespaces> extends Omit<FullRequest, Hidden> {
  /** The API that handles it. */
  readonly app: unknown;
  /** Decoded path parameters. */
  params: Params;
  /** Query parameters: of several values the last, or all joined by commas, as the gateway does it. */
  query: Record<string, string | undefined>;
  /** Body: form and JSON parsed, other text as it is, `null` when there is none. */
  body: unknown;
  /** What was added by `api.app(name, thing)`. */
  readonly namespace: Namespaces;
  /** Short for `namespace`. */
  readonly ns: Namespaces;
}

/** A request as a handler sees it. `Adds` is what middleware and contracts add to it, or know better. */
export type Request<Params = Record<string, string>, Namespaces = Record<string, unknown>, Adds = unknown> = Merge<
  RequestBase<Params, Namespaces>,
  Adds
>;

/** Status codes that a route may answer with. */
export type StatusOf<R> = unknown extends R ? number : keyof R & number;

/** Body that goes with a status. */
export type BodyOf<R, Status> = unknown extends R ? unknown : Status extends keyof R ? R[Status] : never;

type Success<R> = { [S in keyof R & number]: `${S}` extends `2${string}` ? S : never }[keyof R & number];

/** Status of an answer that does not say one: 200, or the only success that the contract knows. */
export type DefaultStatus<R> = unknown extends R ? 200 : 200 extends keyof R ? 200 : Success<R>;

/** What a handler may return: nothing (it answers itself), or the body. */
// `void` is what a handler that answers by `res` returns; it is only ever ignored.
// biome-ignore lint/suspicious/noConfusingVoidType: see above
export type Result<R> = unknown extends R ? unknown : MaybePromise<BodyOf<R, DefaultStatus<R>> | undefined | void>;

type MaybePromise<T> = T | Promise<T>;

/** The answer to a request. Methods return it unless they answer. `R` maps status codes to bodies; `Status` is the one that is set. */
export interface Response<R = unknown, Status = DefaultStatus<R>> {
  /** Status code as it stands. */
  readonly statusCode: number;
  /** Whether something was answered already. */
  readonly answered: boolean;
  /** Sets the status code. */
  status<const S extends StatusOf<R>>(code: S): Response<R, S>;
  /** Answers with a status code and its text. */
  sendStatus(code: StatusOf<R>): void;
  /** Sets a header; `append` adds a value to it instead. */
  header(key: string, value?: string | number | readonly string[], append?: boolean): this;
  /** The same as `header`. */
  setHeader(key: string, value?: string | number | readonly string[], append?: boolean): this;
  /** Value of a header, several joined by commas. */
  getHeader(key: string): string | undefined;
  getHeader(key: string, asArray: true): string[] | undefined;
  getHeader(): Record<string, string>;
  /** All headers, each with the list of its values. */
  getHeaders(): Record<string, string[]>;
  hasHeader(key: string): boolean;
  removeHeader(key: string): this;
  /** Answers: text as it is, bytes in base64, everything else through the serializer. */
  send(body?: BodyOf<R, Status> | Uint8Array): void;
  /** Answers with JSON. */
  json(body: BodyOf<R, Status>): void;
  /** Answers with JSON in a call of the function that the query names. */
  jsonp(body: BodyOf<R, Status>): void;
  /** Answers with HTML. */
  html(body?: unknown): void;
  /** Answers with a stream: piece by piece from a streaming handler, else collected first. */
  stream(source: ByteSource): void;
  /** Sets the content type by an extension, a file name, or the type itself. */
  type(type: string): this;
  /** Sets the `location` header, encoding what is not encoded yet. */
  location(path: string): this;
  /** Redirects, by default with 302; an `s3://` path becomes a signed link. */
  redirect(path: string): void;
  redirect(code: number, path: string): void;
  /** Sets the CORS headers. */
  cors(options?: CorsOptions): this;
  /** Ends the request with an error: through the error middleware, and by default as `{ error: message }`. */
  error(message: string | Error, detail?: unknown): void;
  error(code: number, message?: string | Error, detail?: unknown): void;
  /** Adds a cookie; a value that is not a string is sent as JSON. */
  cookie(name: string, value: unknown, options?: CookieOptions): this;
  /** Lets a cookie end. The options must be those it was set with. */
  clearCookie(name: string, options?: CookieOptions): this;
  /** Adds an ETag to the answer of a GET or HEAD with 200, and answers 304 when the client has it. */
  etag(enable?: boolean): this;
  /** Sets `cache-control` and `expires`: an age in milliseconds, `true` for 0, `false` for never, or a text. */
  cache(age?: boolean | number | string, isPrivate?: boolean): this;
  /** Sets `last-modified`: `true` is now, `false` leaves it. */
  modified(date?: boolean | string | Date): this;
  /** Lets the client save the answer as a file; the name's extension sets the content type. */
  attachment(fileName?: string): this;
  /** Sends a file to be saved. */
  download(file: string | Uint8Array, options?: FileOptions, callback?: FileCallback): Promise<void>;
  download(file: string | Uint8Array, callback?: FileCallback): Promise<void>;
  download(file: string | Uint8Array, fileName?: string, options?: FileOptions, callback?: FileCallback): Promise<void>;
  /** Sends a file of the function, of S3 (`s3://bucket/key`), or bytes. */
  sendFile(file: string | Uint8Array, options?: FileOptions, callback?: FileCallback): Promise<void>;
  /** A signed link to an object of S3 that works for `expires` seconds. @default 900 */
  getLink(path: string, expires?: number, callback?: FileCallback): Promise<string>;
}

/**
 * Middleware: three parameters. `Adds` is what it puts on the request for the functions after it, `R` the answers that it allows.
 * Make one that adds something with {@link middleware}.
 */
export interface Middleware<Adds = unknown, R = unknown> {
  (req: Request, res: Response, next: NextFunction): unknown;
  /** Only for the compiler. */
  readonly '~types'?: { readonly adds: Adds; readonly answers: (body: R) => R };
}

/** The function of a route. */
export type HandlerFunction<
  Params = Record<string, string>,
  Namespaces = Record<string, unknown>,
  Adds = unknown,
  R = unknown,
> = (req: Request<Params, Namespaces, Adds>, res: Response<R>, next: NextFunction) => Result<R>;

/** One of several functions of a route: middleware or handler. */
export interface RouteFunction<Params = Record<string, string>, Namespaces = Record<string, unknown>, Adds = unknown> {
  (req: Request<Params, Namespaces, Adds>, res: Response, next: NextFunction): unknown;
  /** Only for the compiler: without it, this overload would win over those that know more. */
  readonly '~types'?: { readonly adds: unknown; readonly answers: (body: unknown) => unknown };
}

/** Error middleware: four parameters. It answers, or passes the error on by `next()`. */
export interface ErrorHandlingMiddleware {
  (error: Error & { code?: unknown; detail?: unknown }, req: Request, res: Response, next: NextFunction): unknown;
  /** Only for the compiler: without it, this overload would win over that of middleware. */
  readonly '~types'?: never;
}

/** Runs after everything else, before the answer leaves; awaited. */
export type FinallyFunction = (req: Request, res: Response) => unknown;

/**
 * Middleware that adds something to the request, for the functions after it and their types.
 *
 * @example
 * const auth = middleware<{ user: string }>((req, res, next) => {
 *   req.user = req.auth.username ?? 'nobody';
 *   return next();
 * });
 * api.get('/me', auth, (req) => req.user);
 */
export function middleware<Adds>(
  fn: (
    req: Request<Record<string, string>, Record<string, unknown>, Adds>,
    res: Response,
    next: NextFunction,
  ) => unknown,
): Middleware<Adds> {
  // The members that it adds are missing when it is called: adding them is its work.
  return fn as unknown as Middleware<Adds>;
}

/**
 * Error middleware whose parameters need no types: the compiler cannot tell three parameters from four in `use`.
 *
 * @example
 * api.use(errorMiddleware((error, req, res, next) => (error.name === 'RouteError' ? res.status(404).html('<h1>Not here</h1>') : next())));
 */
export function errorMiddleware(fn: ErrorHandlingMiddleware): ErrorHandlingMiddleware {
  // Four parameters are what makes it error middleware, however many the function declares.
  return (error, req, res, next) => fn(error, req, res, next);
}
