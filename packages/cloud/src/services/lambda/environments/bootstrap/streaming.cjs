'use strict';
const { Writable } = require('node:stream');
const { describeError } = require('./errors.cjs');

const { stringify } = JSON;
const { concat } = Buffer;

/**
 * Runs a streaming handler. What it writes is gathered, and given as one answer when it has ended: callers see it whole, as those of `Invoke`
 * do in AWS.
 */
exports.startStreaming = ({ client, requestId, log, context, readEvent, handler }, next) => {
  const chunks = [];
  let contentType = 'application/octet-stream';
  const stream = new Writable({
    write(chunk, _encoding, callback) {
      chunks.push(chunk);
      callback();
    },
  });
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
  const fail = (problem) => {
    log('Invoke Error', problem);
    const described = describeError(problem);
    client.fail(requestId, described.errorType, stringify(described));
    next();
  };
  const run = async () => {
    const result = handler(readEvent(), stream, context);
    if (typeof result?.then !== 'function') throw new Error('Streaming does not support non-async handlers.');
    if ((await result) !== undefined) console.warn('Streaming handlers ignore return values.');
    if (!stream.writableFinished) await new Promise((resolve) => stream.once('finish', resolve));
    client.respondBytes(requestId, contentType, concat(chunks));
    next();
  };
  run().catch(fail);
};
