'use strict';
const { writeSync } = require('node:fs');
const { format } = require('node:util');
const { typeName } = require('./errors.cjs');

// Handlers replace globals: what is used later is taken now.
const { stringify } = JSON;
const DateNow = Date;

/** The descriptor that frames go to. One frame is one event in the log. */
const TELEMETRY = 3;
const HEADER_BYTES = 16;
const TEXT_FRAME = 0xa55a0003;
const JSON_FRAME = 0xa55a0002;
/** For the cloud, not for the log. */
const REPORT_FRAME = 0xa55b0001;

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const METHODS = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  log: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  fatal: 'FATAL',
};

/** The id of the invocation that runs; the runtimes of AWS keep it there as well. */
const REQUEST_ID = Symbol.for('aws.lambda.runtime.requestId');
exports.setRequestId = (requestId) => {
  globalThis[REQUEST_ID] = requestId;
};

/** Sends what `console` writes to the log with time, request id and level; returns how the runtime itself writes an error there. */
exports.patchConsole = (environment, generation) => {
  // What stands for the id outside an invocation.
  if (generation === 4) globalThis[REQUEST_ID] = '-';
  const json = environment.AWS_LAMBDA_LOG_FORMAT === 'JSON';
  const lowest = Math.max(0, LEVELS.indexOf(environment.AWS_LAMBDA_LOG_LEVEL));
  const write = json ? writeJson : writeText;
  for (const [method, level] of Object.entries(METHODS)) {
    console[method] = LEVELS.indexOf(level) < lowest ? () => {} : (value, ...more) => write(level, [value, ...more]);
  }
  return (title, error) => {
    const known = error instanceof Error ? error : new Error(String(error));
    if (json) write('ERROR', [known]);
    else write('ERROR', [title, `\t${describe(known)}`]);
  };
};

function writeText(level, values) {
  const now = new DateNow();
  frame(TEXT_FRAME, level, now, `${now.toISOString()}\t${globalThis[REQUEST_ID]}\t${level}\t${format(...values)}\n`);
}

function writeJson(level, values) {
  const now = new DateNow();
  frame(JSON_FRAME, level, now, entryOf(level, values, now));
}

function entryOf(level, values, now) {
  const entry = { timestamp: now.toISOString(), level, requestId: globalThis[REQUEST_ID] };
  if (values.length === 1) {
    entry.message = values[0];
    try {
      return stringify(entry, plainErrors);
    } catch {
      entry.message = format(values[0]);
      return stringify(entry);
    }
  }
  entry.message = format(...values);
  const error = values.find((value) => value instanceof Error);
  if (error !== undefined) Object.assign(entry, partsOf(error));
  return stringify(entry);
}

const partsOf = (error) => ({
  errorType: typeName(error),
  errorMessage: error.message,
  stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : [],
});

const plainErrors = (_key, value) => (value instanceof Error ? { ...partsOf(value), ...value } : value);

/** An error as the text format shows it. */
function describe(error) {
  const plain = (_key, value) =>
    value instanceof Error
      ? {
          errorType: value.name,
          errorMessage: value.message,
          code: value.code,
          ...value,
          ...(typeof value.stack === 'string' ? { stack: value.stack.split('\n') } : {}),
        }
      : value;
  try {
    return stringify(error, plain);
  } catch {
    return stringify({ errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') });
  }
}

/** Says to the cloud that this process does nothing but wait. */
exports.writeReport = (text) => send(REPORT_FRAME, 0n, text);

function frame(type, level, now, text) {
  send((type | ((LEVELS.indexOf(level) + 1) << 2)) >>> 0, BigInt(now.getTime()) * 1000n, text);
}

/** 4 bytes of type, 4 of length, 8 of microseconds since 1970, then the text. */
function send(type, time, text) {
  const size = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + size);
  bytes.writeUInt32BE(type, 0);
  bytes.writeUInt32BE(size, 4);
  bytes.writeBigInt64BE(time, 8);
  bytes.write(text, HEADER_BYTES);
  for (let at = 0; at < bytes.length; ) at += writeSync(TELEMETRY, bytes, at);
}
