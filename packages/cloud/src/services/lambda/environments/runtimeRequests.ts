import { ChunkedBody } from './chunkedBody.ts';

/** A request of a runtime. */
export interface RuntimeRequest {
  readonly method: string;
  readonly path: string;
  readonly errorType: string;
  readonly body: Buffer;
  /** Our own bootstrap says that nothing goes on in its process. */
  readonly isIdle: boolean;
  /** Our own bootstrap does not wait for the answer. */
  readonly isPipelined: boolean;
}

/** A response that a runtime begins to stream. */
export interface StreamRequest {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
}

/** What becomes of a streamed response. */
export interface StreamReader {
  piece(bytes: Buffer): void;
  /** @param errorBody - JSON in base64; empty when there is none */
  end(errorType: string | undefined, errorBody: string): void;
}

/** Who is called with what was read. */
export interface RuntimeListeners {
  /** Called with each request in turn. */
  readonly onRequest: (request: RuntimeRequest) => void;
  /** Called with the head of each response that is streamed, and before its body is there. */
  readonly onStream: (request: StreamRequest) => StreamReader;
  /** Called when a client waits for leave to send its body. */
  readonly onExpect: () => void;
}

const END_OF_HEAD = '\r\n\r\n';
const MAX_HEAD_BYTES = 65_536;
const NOTHING = Buffer.alloc(0);

/** Reads the requests of one connection: as much of HTTP/1.1 as the runtimes of AWS, curl among them, use for four calls. */
export class RuntimeRequests {
  readonly #listeners: RuntimeListeners;
  #rest: Buffer = NOTHING;
  /** The bytes after which it is worth looking again: a large body comes in many pieces. */
  #needed = 0;
  #pieces: Buffer[] = [];
  #size = 0;
  #isExpected = false;
  #stream: { readonly body: ChunkedBody; readonly reader: StreamReader } | undefined;

  constructor(listeners: RuntimeListeners) {
    this.#listeners = listeners;
  }

  /** @returns false when it is not HTTP that it knows */
  read(chunk: Buffer): boolean {
    if (this.#size + chunk.length < this.#needed) {
      this.#pieces.push(chunk);
      this.#size += chunk.length;
      return true;
    }
    this.#rest = this.#pieces.length === 0 ? chunk : Buffer.concat([...this.#pieces, chunk]);
    this.#pieces = [];
    this.#size = 0;
    this.#needed = 0;
    while (this.#rest.length > 0) {
      const used = this.#stream === undefined ? this.#readOne() : this.#readStream(this.#stream);
      if (used === 'wrong') return false;
      if (used === 'more') break;
    }
    if (this.#rest.length > 0) {
      this.#pieces.push(this.#rest);
      this.#size = this.#rest.length;
    }
    this.#rest = NOTHING;
    return true;
  }

  #readOne(): 'done' | 'more' | 'wrong' {
    const data = this.#rest;
    const end = data.indexOf(END_OF_HEAD);
    if (end < 0) return data.length > MAX_HEAD_BYTES ? 'wrong' : 'more';
    const head = data.toString('latin1', 0, end);
    const line = head.slice(0, head.indexOf('\r\n') < 0 ? undefined : head.indexOf('\r\n'));
    const [method, path, version] = line.split(' ');
    if (method === undefined || path === undefined || version === undefined || !version.startsWith('HTTP/1.'))
      return 'wrong';
    const start = end + END_OF_HEAD.length;
    if (method === 'POST' && isStreamed(head)) {
      this.#begin(method, path, head);
      this.#rest = data.subarray(start);
      return 'done';
    }
    const body = method === 'GET' ? { end: start, body: NOTHING } : this.#bodyOf(data, head, start);
    if (typeof body === 'string') return body;
    this.#isExpected = false;
    this.#rest = data.subarray(body.end);
    this.#listeners.onRequest({
      method,
      path,
      errorType: headerOf(head, 'lambda-runtime-function-error-type') ?? '',
      body: body.body,
      isIdle: head.includes('\r\nSkein-Idle: 1'),
      isPipelined: head.includes('\r\nSkein-Pipelined: 1'),
    });
    return 'done';
  }

  #begin(method: string, path: string, head: string): void {
    const { onStream, onExpect } = this.#listeners;
    if (headerOf(head, 'expect') !== undefined) onExpect();
    const contentType = headerOf(head, 'content-type') ?? 'application/octet-stream';
    const reader = onStream({ method, path, contentType });
    this.#stream = { reader, body: new ChunkedBody((piece) => reader.piece(piece)) };
  }

  #readStream({ body, reader }: { readonly body: ChunkedBody; readonly reader: StreamReader }): 'done' | 'wrong' {
    const rest = body.read(this.#rest);
    if (rest === 'wrong') return 'wrong';
    this.#rest = rest;
    if (!body.isDone) return 'done';
    this.#stream = undefined;
    const { trailers } = body;
    reader.end(
      trailers.get('lambda-runtime-function-error-type'),
      trailers.get('lambda-runtime-function-error-body') ?? '',
    );
    return 'done';
  }

  #bodyOf(data: Buffer, head: string, start: number): { end: number; body: Buffer } | 'more' | 'wrong' {
    const length = headerOf(head, 'content-length');
    if (length !== undefined) {
      if (!/^\d+$/.test(length)) return 'wrong';
      const end = start + Number(length);
      if (data.length >= end) return { end, body: data.subarray(start, end) };
      this.#needed = end;
    } else if (headerOf(head, 'transfer-encoding')?.toLowerCase() === 'chunked') {
      const body = chunksOf(data, start);
      if (body !== undefined) return body;
    } else return { end: start, body: NOTHING };
    if (!this.#isExpected && headerOf(head, 'expect') !== undefined) {
      this.#isExpected = true;
      this.#listeners.onExpect();
    }
    return 'more';
  }
}

/** Whether a response is to be passed on as it comes. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html */
const isStreamed = (head: string): boolean =>
  headerOf(head, 'lambda-runtime-function-response-mode') === 'streaming' &&
  headerOf(head, 'transfer-encoding')?.toLowerCase() === 'chunked';

/** The body in `Transfer-Encoding: chunked`, when it is there to its end. */
function chunksOf(data: Buffer, start: number): { end: number; body: Buffer } | undefined {
  const chunks: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = data.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(data.toString('latin1', at, lineEnd), 16);
    at = lineEnd + 2;
    if (size === 0 || Number.isNaN(size)) {
      // Trailers, if any, up to an empty line.
      const end = data.indexOf(data.toString('latin1', at, at + 2) === '\r\n' ? '\r\n' : END_OF_HEAD, at);
      if (end < 0) return undefined;
      return { end: end + (end === at ? 2 : END_OF_HEAD.length), body: Buffer.concat(chunks) };
    }
    if (data.length < at + size + 2) return undefined;
    chunks.push(data.subarray(at, at + size));
    at += size + 2;
  }
}

/** The value of a header, whatever the case of its name. @param name - in lower case */
function headerOf(head: string, name: string): string | undefined {
  const at = head.toLowerCase().indexOf(`\r\n${name}:`);
  if (at < 0) return undefined;
  const start = at + name.length + 3;
  const end = head.indexOf('\r\n', start);
  return (end < 0 ? head.slice(start) : head.slice(start, end)).trim();
}
