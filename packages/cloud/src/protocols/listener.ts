import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { WireRequest, WireResponse } from './wire.ts';

/** What answers the requests of a listener. */
export interface ListenerHandler {
  /** An AWS request. */
  handle(request: WireRequest): WireResponse | Promise<WireResponse>;
  /** Anything else that came to this port over plain HTTP (a page, an API's host name): true when it takes the request. */
  handleHttp(incoming: IncomingMessage, outgoing: ServerResponse): boolean;
}

export interface ListenerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly handler: ListenerHandler;
  /** Certificate and key, PEM: then it speaks HTTPS alone. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

/** A port that listens. */
export interface Listener {
  readonly port: number;
  /** `http://127.0.0.1:4566` */
  readonly url: string;
  close(): Promise<void>;
}

/** The largest body that any operation takes: a function's zip of 50 MB in base64, with room for the rest. */
export const MAX_BODY_BYTES: number = 72 * 1024 * 1024;
const MAX_HEAD_BYTES = 16 * 1024;
const MAX_FAST_BODY_BYTES = 64 * 1024;
const IDLE_MS = 72_000;
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One port for all of AWS. Ordinary SDK requests (a POST of HTTP/1.1 with one small body of a known length) are read and answered on the bare
 * socket, which costs half of `node:http`; anything else, at a request's boundary, hands the socket to a `node:http` server, which keeps
 * it. The fast path repairs nothing: what is odd goes to `node:http`.
 */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const { host, tls } = options;
  const sockets = new Set<Socket>();
  let http: HttpServer | undefined;
  const origin = (): string => `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const slow = (): HttpServer => (http ??= slowServer(options, origin));
  const server: Server = tls
    ? process
        .getBuiltinModule('node:https')
        .createServer(tls, (incoming, outgoing) => void serve(options.handler, incoming, outgoing, origin()))
    : createServer({ noDelay: true }, (socket) => {
        new FastConnection(socket, options.handler, slow);
      });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const port = await listening(server, options.port, host);
  return {
    port,
    url: origin(),
    async close() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
      await promise;
    },
  };
}

function listening(server: Server, port: number, host: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen(port, host, () => {
    server.removeListener('error', reject);
    const address = server.address();
    resolve(typeof address === 'object' && address !== null ? address.port : port);
  });
  return promise;
}

function slowServer({ handler }: ListenerOptions, origin: () => string): HttpServer {
  const { createServer: createHttpServer } = process.getBuiltinModule('node:http');
  return createHttpServer({ keepAliveTimeout: IDLE_MS, maxHeaderSize: MAX_HEAD_BYTES }, (incoming, outgoing) => {
    void serve(handler, incoming, outgoing, origin());
  });
}

/** Answers one request that `node:http` has read the head of. */
async function serve(
  handler: ListenerHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  origin: string,
): Promise<void> {
  const cors = corsHeaders(incoming);
  if (handler.handleHttp(incoming, outgoing)) return;
  if (incoming.method === 'OPTIONS' && cors !== undefined) {
    outgoing.writeHead(204, cors).end();
    return;
  }
  const body = await readBody(incoming).catch(() => undefined);
  if (body === undefined) {
    outgoing.writeHead(413, { 'content-type': 'application/x-amz-json-1.0', connection: 'close' });
    outgoing.end('{"__type":"RequestEntityTooLargeException","message":"Request must be smaller than 75497472 bytes"}');
    return;
  }
  const { url = '/', method = 'GET' } = incoming;
  const mark = url.indexOf('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  const host = headers['host'];
  const response = await handler.handle({
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    body,
    endpoint: host === undefined ? origin : `${origin.slice(0, origin.indexOf(':'))}://${host}`,
  });
  const length = typeof response.body === 'string' ? Buffer.byteLength(response.body) : response.body.length;
  outgoing.writeHead(response.status, {
    ...cors,
    ...response.headers,
    ...(response.stream === undefined ? { 'content-length': length } : {}),
  });
  outgoing.write(response.body);
  if (response.stream !== undefined) for await (const piece of response.stream) outgoing.write(piece);
  outgoing.end();
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new RangeError('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What lets a page of another origin use an AWS SDK here. */
function corsHeaders({ headers }: IncomingMessage): Record<string, string> | undefined {
  if (headers.origin === undefined) return undefined;
  return {
    'access-control-allow-origin': headers.origin,
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '*',
    'access-control-expose-headers': '*, x-amzn-requestid, x-amzn-errortype, x-amz-request-id, x-amz-crc32, etag',
    'access-control-max-age': '86400',
    vary: 'origin',
  };
}

const REQUEST_LINE = /^POST (\/[!-~]*) HTTP\/1\.1$/;
const HEADER_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([ -~\t]*?)[ \t]*$/;
/** Headers whose meaning the fast path does not know. */
const ODD = new Set(['transfer-encoding', 'expect', 'upgrade', 'content-encoding', 'origin', 'trailer', 'te']);

interface Head {
  readonly path: string;
  readonly query: string;
  readonly headers: Record<string, string>;
  readonly length: number;
}

const lowerCase = new Map<string, string>();

/** Header names recur: lower-cased once each. */
function lower(name: string): string {
  let result = lowerCase.get(name);
  if (result === undefined) {
    result = name.toLowerCase();
    if (lowerCase.size < 1000) lowerCase.set(name, result);
  }
  return result;
}

/** The head of an ordinary request; undefined when anything about it is out of the ordinary. */
function readHead(text: string): Head | undefined {
  const lines = text.split('\r\n');
  const target = REQUEST_LINE.exec(lines[0] ?? '')?.[1];
  if (target === undefined) return undefined;
  const headers: Record<string, string> = Object.create(null);
  for (let index = 1; index < lines.length; index++) {
    const match = HEADER_LINE.exec(lines[index] ?? '');
    if (match === null) return undefined;
    const name = lower(match[1] ?? '');
    if (headers[name] !== undefined || ODD.has(name)) return undefined;
    headers[name] = match[2] ?? '';
  }
  const { connection, 'content-length': contentLength, host } = headers;
  if (host === undefined || contentLength === undefined || !/^\d{1,5}$/.test(contentLength)) return undefined;
  if (connection !== undefined && connection.toLowerCase() !== 'keep-alive') return undefined;
  const length = Number(contentLength);
  if (length > MAX_FAST_BODY_BYTES) return undefined;
  const mark = target.indexOf('?');
  return mark < 0
    ? { path: target, query: '', headers, length }
    : { path: target.slice(0, mark), query: target.slice(mark + 1), headers, length };
}

/** One connection on the fast path: request after request, one at a time. */
class FastConnection {
  readonly #socket: Socket;
  readonly #handler: ListenerHandler;
  readonly #slow: () => HttpServer;
  #buffer: Buffer | undefined;
  #head: Head | undefined;
  #busy = false;

  readonly #onData = (chunk: Buffer): void => {
    this.#buffer = this.#buffer === undefined ? chunk : Buffer.concat([this.#buffer, chunk]);
    if (!this.#busy) this.#read();
  };
  readonly #onTimeout = (): void => void this.#socket.destroy();
  readonly #onError = (): void => void this.#socket.destroy();

  constructor(socket: Socket, handler: ListenerHandler, slow: () => HttpServer) {
    this.#socket = socket;
    this.#handler = handler;
    this.#slow = slow;
    socket.setTimeout(IDLE_MS, this.#onTimeout);
    socket.on('error', this.#onError);
    socket.on('data', this.#onData);
  }

  /** Answers what has arrived whole. */
  #read(): void {
    while (!this.#busy && this.#buffer !== undefined) {
      if (this.#head === undefined) {
        const end = this.#buffer.indexOf(HEAD_END);
        if (end < 0 && this.#buffer.length <= MAX_HEAD_BYTES && mayBeFast(this.#buffer)) return;
        const head = end < 0 || end > MAX_HEAD_BYTES ? undefined : readHead(this.#buffer.toString('latin1', 0, end));
        if (head === undefined) {
          this.#handOver();
          return;
        }
        this.#head = head;
        this.#buffer = this.#buffer.subarray(end + 4);
      }
      const { length } = this.#head;
      if (this.#buffer.length < length) return;
      const body = this.#buffer.subarray(0, length);
      this.#buffer = this.#buffer.length === length ? undefined : this.#buffer.subarray(length);
      const { path, query, headers } = this.#head;
      this.#head = undefined;
      this.#answer({ method: 'POST', path, query, headers, body, endpoint: `http://${headers['host']}` });
    }
  }

  #answer(request: WireRequest): void {
    const response = this.#handler.handle(request);
    if (!(response instanceof Promise)) {
      this.#write(response);
      return;
    }
    this.#busy = true;
    this.#socket.setTimeout(0);
    void response.then((late) => {
      this.#busy = false;
      if (this.#socket.destroyed) return;
      this.#socket.setTimeout(IDLE_MS);
      this.#write(late);
      this.#read();
    });
  }

  /** Head and body in one write: in two, Nagle's algorithm would hold the second back. */
  #write({ status, headers, body, stream }: WireResponse): void {
    let head = `HTTP/1.1 ${status} ${REASONS[status] ?? 'Status'}\r\n`;
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
    if (stream !== undefined) {
      this.#busy = true;
      this.#socket.write(`${head}transfer-encoding: chunked\r\n\r\n`, 'latin1');
      void this.#pipe(stream);
    } else if (typeof body === 'string') {
      const length = Buffer.byteLength(body);
      this.#socket.write(`${head}content-length: ${length}\r\n\r\n${body}`, length === body.length ? 'latin1' : 'utf8');
    } else {
      this.#socket.write(Buffer.concat([Buffer.from(`${head}content-length: ${body.length}\r\n\r\n`, 'latin1'), body]));
    }
  }

  async #pipe(stream: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const piece of stream) {
      if (piece.length === 0) continue;
      this.#socket.write(Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]));
    }
    this.#socket.write('0\r\n\r\n');
    this.#busy = false;
    this.#read();
  }

  /** Gives the socket to `node:http` with all that has not been answered. */
  #handOver(): void {
    const socket = this.#socket;
    socket.removeListener('data', this.#onData);
    socket.removeListener('timeout', this.#onTimeout);
    socket.removeListener('error', this.#onError);
    socket.setTimeout(0);
    socket.pause();
    if (this.#buffer !== undefined) socket.unshift(this.#buffer);
    this.#buffer = undefined;
    this.#slow().emit('connection', socket);
    socket.resume();
  }
}

/** Whether bytes without an end of head can still become an ordinary request. */
const mayBeFast = (bytes: Buffer): boolean =>
  'POST '.startsWith(bytes.toString('latin1', 0, Math.min(5, bytes.length)));

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Payload Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};
