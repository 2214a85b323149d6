'use strict';
const { Writable } = require('node:stream');
const { describeError } = require('./errors.cjs');

const { stringify } = JSON;

/**
 * Runs a streaming handler. What it writes is sent at once; callers that want it whole gather it. What it gives back says how else it ends: by an
 * error that nobody caught, or because there is nothing left to wait for.
 */
exports.startStreaming = ({ client, requestId, log, context, readEvent, handler }, next) => {
  let contentType = 'application/octet-stream';
  let response;
  const begin = () => (response ??= client.respondInPieces(requestId, contentType));
  const stream = new Writable({ write: (chunk, _encoding, callback) => begin().write(chunk, callback) });
  let isStarted = false;
  const write = stream.write.bind(stream);
  stream.write = (chunk, ...rest) => {
    if (!isStarted) stream._onBeforeFirstWrite?.((part) => write(part));
    isStarted = true;
    const isBytes = typeof chunk === 'string' || chunk instanceof Uint8Array;
    return write(isBytes ? chunk : stringify(chunk), ...rest);
  };
  stream.setContentType = (type) => {
    if (isStarted) throw new Error('Cannot set content-type, too late.');
    contentType = type;
  };
  let isEnded = false;
  const report = (problem) => {
    if (isEnded) return;
    isEnded = true;
    const described = describeError(problem);
    if (response === undefined) client.fail(requestId, described.errorType, stringify(described));
    else response.fail(described.errorType, stringify(described));
  };
  const end = () => {
    if (!isEnded) begin().end();
    isEnded = true;
  };
  const fail = (problem) => {
    log('Invoke Error', problem);
    report(problem);
    next();
  };
  const run = async () => {
    const ended = new Promise((resolve, reject) => {
      stream.once('finish', resolve);
      stream.once('error', reject);
      stream.once('close', () => reject(new Error('The response stream was destroyed.')));
    });
    // Looked at when the handler is done.
    ended.catch(() => {});
    const result = handler(readEvent(), stream, context);
    if (typeof result?.then !== 'function') throw new Error('Streaming does not support non-async handlers.');
    if ((await result) !== undefined) console.warn('Streaming handlers ignore return values.');
    await ended;
    end();
    next();
  };
  run().catch(fail);
  return { report, end: () => response && end() };
};
