'use strict';
const { isNativeError } = require('node:util').types;

/** An error of the runtime: its type begins with `Runtime.`. */
class RuntimeError extends Error {
  constructor(type, message, stack) {
    super(message);
    this.name = `Runtime.${type}`;
    if (stack !== undefined) this.stack = stack;
  }
}
exports.RuntimeError = RuntimeError;

/** What the third runtimes make of a rejected promise that nobody handles. */
exports.unhandledRejection = (reason, promise) => {
  const error = new RuntimeError('UnhandledPromiseRejection', String(reason));
  return Object.assign(error, { reason, promise });
};

exports.typeName = (error) => error.constructor?.name ?? 'UnknownError';

/** Whatever was thrown, as the Runtime API takes it. DEL is a byte that its headers cannot hold. */
exports.describeError = (error) => {
  try {
    if (isNativeError(error) || error instanceof Error || looksLikeError(error)) {
      return {
        errorType: clean(error.name),
        errorMessage: clean(error.message),
        trace: clean(error.stack)?.split('\n') ?? [],
      };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
      trace: [],
    };
  }
};

const clean = (text) => text?.replaceAll('\x7f', '%7F');

const looksLikeError = (value) =>
  typeof value?.name === 'string' && typeof value.message === 'string' && typeof value.stack === 'string';
