'use strict';
const { connect } = require('node:net');
const { usedStreams } = require('./assignment.cjs');

// Handlers replace globals: what is used later is taken now.
const { concat } = Buffer;
const toInteger = Number;
const encode = encodeURIComponent;
const resources = process.getActiveResourcesInfo.bind(process);

const BASE = '/2018-06-01/runtime/';
const END_OF_HEAD = '\r\n\r\n';

/** The four calls of Lambda's Runtime API on one connection, without node:http: nobody's patches of it can see them. */
class RuntimeClient {
  #socket;
  #host;
  /** Called with the answers, in the order of the requests. */
  #waiting = [];
  #rest;
  /** Whether it waits for an invocation. */
  isResting = false;

  constructor(address) {
    const [host, port] = address.split(':');
    this.#host = address;
    const socket = connect({ host, port: toInteger(port), noDelay: true });
    this.#socket = socket;
    socket.unref();
    socket.on('data', (chunk) => this.#read(chunk));
    // Without its cloud an environment has nothing to live for.
    const end = () => process.reallyExit(1);
    socket.on('error', end);
    socket.on('close', end);
  }

  /** Asks for the next invocation; the process stays alive until it comes. */
  next(callback) {
    const idle = isIdle() ? 'Skein-Idle: 1\r\n' : '';
    this.isResting = true;
    this.#socket.ref();
    this.#send(`GET ${BASE}invocation/next HTTP/1.1\r\nHost: ${this.#host}\r\n${idle}\r\n`, (head, body) => {
      this.isResting = false;
      this.#socket.unref();
      callback(head, body);
    });
  }

  /** Asks for an invocation that is none: see rehearsal.cjs. */
  rehearse(callback) {
    this.#socket.ref();
    this.#send(`GET /skein/rehearsal HTTP/1.1\r\nHost: ${this.#host}\r\n\r\n`, (head, body) => {
      this.#socket.unref();
      callback(head, body);
    });
  }

  respond(requestId, body) {
    this.#post(`invocation/${encode(requestId)}/response`, 'application/json', PIPELINED, body);
  }

  /** Both in one packet. */
  respondAndNext(requestId, body, callback) {
    this.#socket.cork();
    this.respond(requestId, body);
    this.next(callback);
    this.#socket.uncork();
  }

  /** Begins a response of which the pieces are sent as they are written. Nothing else can be sent before its end. */
  respondInPieces(requestId, contentType) {
    const socket = this.#socket;
    this.#send(
      `POST ${BASE}invocation/${encode(requestId)}/response HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: ${toHeader(contentType)}\r\n${IN_PIECES}\r\n`,
      ignore,
    );
    return {
      /** @param callback - called when more may be written */
      write(bytes, callback) {
        // A chunk without bytes would be the end.
        if (bytes.length === 0) return callback();
        const head = Buffer.from(`${bytes.length.toString(16)}\r\n`);
        if (socket.write(concat([head, bytes, END_OF_LINE]))) return callback();
        // The process lives as long as somebody is to read what it writes.
        socket.ref();
        socket.once('drain', () => {
          socket.unref();
          callback();
        });
      },
      end() {
        socket.write('0\r\n\r\n');
      },
      /** What went wrong midway is said in trailers. */
      fail(errorType, body) {
        const encoded = Buffer.from(body).toString('base64');
        socket.write(`0\r\n${errorHeader(errorType)}Lambda-Runtime-Function-Error-Body: ${encoded}\r\n\r\n`);
      },
    };
  }

  fail(requestId, errorType, body) {
    this.#post(`invocation/${encode(requestId)}/error`, 'application/json', errorHeader(errorType), body);
  }

  /** @param callback - called when it has been received */
  failInit(errorType, body, callback) {
    this.#socket.ref();
    this.#post('init/error', 'application/json', errorHeader(errorType), body, callback);
  }

  #post(path, contentType, header, body, callback = ignore) {
    const size = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    const head = `POST ${BASE}${path} HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: ${contentType}\r\n${header}Content-Length: ${size}${END_OF_HEAD}`;
    if (typeof body === 'string') this.#send(head + body, callback);
    else this.#send(concat([Buffer.from(head, 'latin1'), body]), callback);
  }

  #send(request, callback) {
    this.#waiting.push(callback);
    this.#socket.write(request);
  }

  #read(chunk) {
    let data = this.#rest === undefined ? chunk : concat([this.#rest, chunk]);
    this.#rest = undefined;
    while (data.length > 0) {
      const end = data.indexOf(END_OF_HEAD);
      if (end < 0) break;
      const head = data.latin1Slice(0, end);
      const size = toInteger(headerOf(head, 'Content-Length') ?? 0);
      const start = end + END_OF_HEAD.length;
      if (data.length < start + size) break;
      const body = data.subarray(start, start + size);
      data = data.subarray(start + size);
      this.#waiting.shift()(head, body);
    }
    if (data.length > 0) this.#rest = data;
  }
}

const ignore = () => {};

const END_OF_LINE = Buffer.from('\r\n');
const IN_PIECES =
  'Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\nTrailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n';
const toHeader = (text) => String(text).replace(/[^\x20-\x7e]/g, '?');

/** Says that its answer is not waited for: it can come together with the next. */
const PIPELINED = 'Skein-Pipelined: 1\r\n';

/** Whether nothing is under way that would go on by itself: then it does no harm to be stopped a little later. */
function isIdle() {
  const all = resources();
  return all.length <= usedStreams() && all.every((resource) => resource === 'PipeWrap');
}

const errorHeader = (errorType) => `Lambda-Runtime-Function-Error-Type: ${toHeader(errorType)}\r\n`;

/** The value of a header of an answer's head: the cloud spells them as asked for here. */
function headerOf(head, name) {
  const at = head.indexOf(`\r\n${name}: `);
  if (at < 0) return undefined;
  const start = at + name.length + 4;
  const end = head.indexOf('\r\n', start);
  return end < 0 ? head.slice(start) : head.slice(start, end);
}

exports.RuntimeClient = RuntimeClient;
exports.headerOf = headerOf;
