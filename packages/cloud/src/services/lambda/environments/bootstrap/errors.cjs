'use strict';
const { isNativeError } = require('node:util').types;

/**
 * An error of the runtime itself: its type begins with `Runtime.`. The name of its class, and whether `name` is a property of its own, shows in
 * the log, and differs between the generations.
 */
function runtimeError(generation, type, message, stack) {
  const className = generation === 4 && !type.endsWith('Error') ? `${type}Error` : type;
  const Class = { [className]: class extends Error {} }[className];
  if (generation === 3) Class.prototype.name = `Runtime.${type}`;
  const error = new Class(message);
  if (generation === 4) {
    error.name = `Runtime.${type}`;
    if (stack !== undefined) error.stack = stack;
  }
  return error;
}
exports.runtimeError = runtimeError;

/** What the third runtimes make of a rejected promise that nobody handles. */
exports.unhandledRejection = (reason, promise) =>
  Object.assign(runtimeError(3, 'UnhandledPromiseRejection', String(reason)), { reason, promise });

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
