import { Bare } from './bare.ts';
import type { ByteSource } from './byteSource.ts';
import { type CookieOptions, formatCookie } from './cookies.ts';
import { ApiError, ConfigurationError, quiet, ResponseError } from './errors.ts';
import type { HeaderBag } from './event.ts';
import type { FileCallback, FileOptions } from './fileOptions.ts';
import { mimeType } from './mime.ts';
import type { RequestView } from './request.ts';
import { statusText } from './statusText.ts';

/** Values of the CORS headers. */
export interface CorsOptions {
  /** @default '*' */
  readonly origin?: string;
  /** @default 'GET, PUT, POST, DELETE, OPTIONS' */
  readonly methods?: string;
  /** @default 'Content-Type, Authorization, Content-Length, X-Requested-With' */
  readonly headers?: string;
  readonly exposeHeaders?: string;
  /** How long a preflight is remembered, in milliseconds. */
  readonly maxAge?: number;
  readonly credentials?: boolean;
}

/** Marks that nothing failed; an error can be any value, `undefined` included. */
export const NOTHING: unique symbol = Symbol('nothing');

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// Line breaks in a header would start another one.
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const BREAKS = /[\u0000\r\n]/;

const REDIRECTS = new Set([300, 301, 302, 303, 307, 308]);

/**
 * The answer to a request while it is being made. Handlers see it by the type `Response`.
 * The first answer wins; an error wins over an answer.
 */
export class Reply {
  readonly request: RequestView;
  /** Status code of the answer. */
  statusCode = 200;
  /** Content type; empty for none. */
  contentType = 'application/json';
  bag: HeaderBag | undefined = undefined;
  /** What is sent. */
  content: string | Uint8Array | ByteSource = '';
  /** Whether something was answered. */
  answered = false;
  /** Whether the answer has left: nothing has an effect any more. */
  closed = false;
  failure: unknown = NOTHING;
  /** Work that the answer waits for: a file, a signed link. */
  pending: Promise<void> | undefined = undefined;
  /** Whether a stream can be sent piece by piece. */
  streaming = false;
  /** Called when something is answered that was waited for. */
  wake: (() => void) | undefined = undefined;
  wantsEtag = false;

  constructor(request: RequestView) {
    this.request = request;
    if (request.app.defaults !== undefined) this.#addDefaults();
  }

  #addDefaults(): void {
    const { defaults } = this.request.app;
    for (const name in defaults) this.header(name, defaults[name]);
  }

  /** Sets the status code. */
  status(code: number): this {
    this.statusCode = code;
    return this;
  }

  /** Answers with a status code and its text. */
  sendStatus(code: number): void {
    this.status(code).send(statusText(code));
  }

  /** Sets a header, or adds a value to it. */
  header(key: string, value?: unknown, append: boolean = false): this {
    const name = key.toLowerCase();
    if (!TOKEN.test(name))
      throw new ResponseError(`header name ${JSON.stringify(key)} has characters that are not allowed`);
    const values = Array.isArray(value) ? value.map((each) => headerText(name, each)) : headerText(name, value);
    if (name === 'content-type') {
      this.contentType = typeof values === 'string' ? values : values.join(',');
      return this;
    }
    const bag = (this.bag ??= new Bare<string | string[]>());
    const before = append ? bag[name] : undefined;
    bag[name] = before === undefined ? values : [before, values].flat();
    return this;
  }

  /** The same as {@link header}. */
  setHeader(key: string, value?: unknown, append: boolean = false): this {
    return this.header(key, value, append);
  }

  /** A header: values joined by commas, or as an array. Without a name: all headers, joined. */
  getHeader(key?: string, asArray: boolean = false): unknown {
    if (key === undefined) {
      return Object.fromEntries(Object.entries(this.getHeaders()).map(([name, values]) => [name, values.join(',')]));
    }
    const values = this.#values(key.toLowerCase());
    return asArray ? values : values?.join(',');
  }

  /** All headers, each with the list of its values. */
  getHeaders(): Record<string, string[]> {
    const all = new Bare<string[]>();
    if (this.contentType !== '') all['content-type'] = [this.contentType];
    for (const name in this.bag) all[name] = this.#values(name) ?? [];
    return all;
  }

  hasHeader(key: string): boolean {
    return this.#values(key.toLowerCase()) !== undefined;
  }

  removeHeader(key: string): this {
    const name = key.toLowerCase();
    if (name === 'content-type') this.contentType = '';
    else if (this.bag !== undefined) delete this.bag[name];
    return this;
  }

  #values(name: string): string[] | undefined {
    const value = name === 'content-type' ? this.contentType || undefined : this.bag?.[name];
    return value === undefined ? undefined : [value].flat();
  }

  /** Answers with a body: text as it is, bytes in base64, everything else through the serializer. */
  send(body?: unknown): void {
    this.#end(typeof body === 'string' ? body : this.#serialize(body));
  }

  /** Answers with JSON. */
  json(body?: unknown): void {
    this.contentType = 'application/json';
    this.#end(this.request.app.serialize(body) ?? '');
  }

  /** Answers with JSON in a call of the function that the query names. */
  jsonp(body?: unknown): void {
    const { app, query } = this.request;
    const name = (query[app.options.callbackName ?? 'callback'] ?? 'callback').replace(/[^\w$.[\]]/g, '');
    const json = (app.serialize(body) ?? '').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
    this.header('x-content-type-options', 'nosniff');
    this.contentType = 'application/json';
    this.#end(`${name}(${json})`);
  }

  /** Answers with HTML. */
  html(body?: unknown): void {
    this.contentType = 'text/html';
    this.send(body);
  }

  /** Answers with a stream: sent piece by piece by a streaming handler, else collected first. */
  stream(source: ByteSource): void {
    this.#end(source);
  }

  #serialize(body: unknown): string | Uint8Array {
    if (body === undefined) return '';
    if (body instanceof Uint8Array) return body;
    return typeof body === 'object' ? (this.request.app.serialize(body) ?? '') : String(body);
  }

  #end(content: string | Uint8Array | ByteSource): void {
    if (this.answered || this.closed) return;
    this.content = content;
    this.answered = true;
    this.wake?.();
  }

  /** Sets the content type by an extension, a file name, or the type itself. */
  type(type: string): this {
    const known = mimeType(type, this.request.app.options.mimeTypes);
    return known === undefined ? this : this.header('content-type', known);
  }

  /** Sets the `location` header, encoding what is not encoded yet. */
  location(path: string): this {
    return this.header('location', encodeURI(path.toWellFormed()).replace(/%25([0-9a-f]{2})/gi, '%$1'));
  }

  /** Redirects, by default with 302. An `s3://` path becomes a signed link. */
  redirect(...target: [path: string] | [code: number, path: string]): void {
    const [code, path] = target.length === 1 ? [302, target[0]] : target;
    if (!REDIRECTS.has(code)) throw new ResponseError(`${code} is not a status code of a redirect`);
    if (path.startsWith('s3://')) this.hold(this.getLink(path).then((link) => this.#redirect(code, link)));
    else this.#redirect(code, path);
  }

  #redirect(code: number, path: string): void {
    const shown = path.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
    this.location(path).status(code).html(`<p>${code} Redirecting to <a href="${shown}">${shown}</a></p>`);
  }

  /** Sets the CORS headers; those that were set before stay unless they are given anew. */
  cors(options: CorsOptions = {}): this {
    const set = (name: string, value: string | undefined, fallback?: string): void => {
      const header = `access-control-${name}`;
      if (value !== undefined) this.header(header, value);
      else if (fallback !== undefined && !this.hasHeader(header)) this.header(header, fallback);
    };
    set('allow-origin', options.origin, '*');
    set('allow-methods', options.methods, 'GET, PUT, POST, DELETE, OPTIONS');
    set('allow-headers', options.headers, 'Content-Type, Authorization, Content-Length, X-Requested-With');
    set('expose-headers', options.exposeHeaders);
    set('max-age', options.maxAge === undefined ? undefined : String(Math.trunc(options.maxAge / 1000)));
    set('allow-credentials', options.credentials === undefined ? undefined : String(options.credentials));
    return this;
  }

  /** Ends the request with an error: through the error middleware, and by default as `{ error: message }`. */
  error(...args: readonly unknown[]): void {
    const [code, message, detail] = typeof args[0] === 'number' ? args : [undefined, ...args];
    const failure =
      message instanceof Error && code === undefined
        ? message
        : quiet(() => new ApiError(errorText(message), typeof code === 'number' ? code : 500, detail));
    if (this.closed || this.failure !== NOTHING) return;
    this.failure = failure;
    this.answered = true;
    this.wake?.();
  }

  /** Adds a cookie. */
  cookie(name: string, value: unknown, options: CookieOptions = {}): this {
    return this.header('set-cookie', formatCookie(name, value, options), true);
  }

  /** Lets a cookie end. The options must be those it was set with. */
  clearCookie(name: string, options: CookieOptions = {}): this {
    return this.header(
      'set-cookie',
      formatCookie(name, '', Object.assign({}, options, { expires: new Date(0), maxAge: 0 })),
      true,
    );
  }

  /** Adds an ETag to the answer of a GET or HEAD with 200, and answers 304 when the client has it. */
  etag(enable: boolean = true): this {
    this.wantsEtag = enable;
    return this;
  }

  /** Sets `cache-control` (and `expires`): an age in milliseconds, `true` for 0, `false` for never, or a text. */
  cache(age: boolean | number | string = true, isPrivate: boolean = false): this {
    if (age === false) return this.header('cache-control', 'no-cache, no-store, must-revalidate');
    if (typeof age === 'string') return this.header('cache-control', age);
    const ms = age === true ? 0 : age;
    this.header('cache-control', `${isPrivate ? 'private, ' : ''}max-age=${Math.trunc(ms / 1000)}`);
    return this.header('expires', new Date(Date.now() + ms).toUTCString());
  }

  /** Sets `last-modified`: `true` is now, `false` leaves it. */
  modified(date: boolean | string | Date = true): this {
    if (date === false) return this;
    const when = date === true ? new Date() : new Date(date);
    return Number.isNaN(when.getTime()) ? this : this.header('last-modified', when.toUTCString());
  }

  /** Lets the client save the answer as a file; the name's extension sets the content type. */
  attachment(fileName?: string): this {
    if (fileName === undefined) return this.header('content-disposition', 'attachment');
    const name = fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
    const plain = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\]/g, '\\$&');
    const extended = /[^\x20-\x7e]/.test(name)
      ? `; filename*=UTF-8''${encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`
      : '';
    return this.type(name).header('content-disposition', `attachment; filename="${plain}"${extended}`);
  }

  /** Sends a file to be saved: {@link attachment} and {@link sendFile}. */
  download(file: string | Uint8Array, ...rest: readonly unknown[]): Promise<void> {
    const name = rest.find((each) => typeof each === 'string');
    const options = rest.find((each) => typeof each === 'object' && each !== null);
    const callback = rest.find((each) => typeof each === 'function');
    this.attachment(name ?? (typeof file === 'string' ? file : undefined));
    // Told apart by their kinds above; the public type says what they are.
    return this.sendFile(file, options as FileOptions | undefined, callback as FileCallback | undefined);
  }

  /** Sends a file of the function, of S3 (`s3://bucket/key`), or bytes. */
  sendFile(file: string | Uint8Array, options: FileOptions = {}, callback?: FileCallback): Promise<void> {
    const work = import('./files.ts').then(({ sendFile }) => sendFile(this, file, options, callback));
    this.hold(work);
    return work;
  }

  /** A signed link to an object of S3 that works for `expires` seconds. */
  async getLink(path: string, expires: number = 900, callback?: FileCallback): Promise<string> {
    try {
      const { getLink } = await import('./s3.ts');
      return await getLink(path, expires, this.request.app.options.s3Config);
    } catch (error) {
      if (callback === undefined) throw error;
      await callback(error);
      return '';
    }
  }

  /** Lets the answer wait for work that will give it. */
  hold(work: Promise<void>): void {
    this.pending = Promise.all([this.pending, work]).then(() => undefined);
    // The error is reported by whoever awaits `pending`; without this line it would be an unhandled rejection until then.
    this.pending.catch(() => undefined);
    work.catch(() => undefined);
    this.wake?.();
  }

  /** Forgets what was answered, for an error: the headers too, except those that may stay. */
  reset(keep: ReadonlySet<string> | undefined): void {
    const before = this.bag;
    this.bag = undefined;
    this.contentType = 'application/json';
    this.content = '';
    this.answered = false;
    this.failure = NOTHING;
    this.pending = undefined;
    this.wantsEtag = false;
    this.#addDefaults();
    if (before === undefined || keep === undefined) return;
    for (const name in before) if (keep.has(name)) this.header(name, before[name]);
  }
}

function headerText(name: string, value: unknown): string {
  const text = value === undefined || value === null ? '' : String(value);
  if (BREAKS.test(text)) throw new ResponseError(`value of header ${name} has a line break or a null character`);
  return text;
}

function errorText(message: unknown): string {
  if (typeof message === 'string') return message;
  if (message instanceof Error) return message.message;
  return message === undefined || message === null ? 'Internal error' : JSON.stringify(message);
}

/** @throws {ConfigurationError} for default headers that cannot be sent. */
export function checkHeaders(headers: Readonly<Record<string, unknown>>): void {
  for (const name in headers) {
    const values = [headers[name]].flat();
    if (!TOKEN.test(name) || values.some((value) => BREAKS.test(String(value)))) {
      throw new ConfigurationError(
        `option headers: ${JSON.stringify(name)} has characters that are not allowed in a header`,
      );
    }
  }
}
