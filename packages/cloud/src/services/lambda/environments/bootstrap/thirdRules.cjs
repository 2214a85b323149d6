'use strict';
// nodejs22.x and older: callbacks, and an answer when the event loop is empty.
const { describeError, unhandledRejection } = require('./errors.cjs');
const { flushOnce, readInvocation } = require('./invocation.cjs');
const { STREAMING } = require('./globals.cjs');
const { startStreaming } = require('./streaming.cjs');

// Handlers replace globals: what is used later is taken now.
const { stringify } = JSON;
const later = setImmediate;
const exit = process.exit;
const error = console.error;

exports.runByThirdRules = ({ client, log, load }) => {
  const postInitError = (problem, code) => {
    const described = describeError(problem);
    client.failInit(described.errorType, stringify(described), () => exit.call(process, code));
  };
  /** What the invocation that runs does with an error that nobody caught. */
  let onUncaught = postInitError;
  /** What happens when there is nothing left to wait for. */
  let onEmpty = () => {};
  process.on('beforeExit', () => onEmpty());
  process.on('uncaughtException', (problem) => {
    log('Uncaught Exception', problem);
    onUncaught(problem, 129);
  });
  process.on('unhandledRejection', (reason, promise) => {
    const problem = unhandledRejection(reason, promise);
    log('Unhandled Promise Rejection', problem);
    onUncaught(problem, 128);
  });

  const next = () => later(() => client.next(handle));

  function handle(head, body) {
    const { requestId, context, readEvent } = readInvocation(head, body);
    let isAnswered = false;
    let waits = true;
    const once = onlyOnce();
    const fail = (problem) => {
      log('Invoke Error', problem);
      const described = describeError(problem);
      client.fail(requestId, described.errorType, stringify(described));
      next();
    };
    const answer = (result) => {
      if (isAnswered) {
        error('Invocation has already been reported as done. Cannot call complete more than once per invocation.');
        return;
      }
      isAnswered = true;
      client.respond(requestId, serialize(result));
      flushOnce();
      next();
    };
    const done = (problem, result) => {
      onEmpty = () => {};
      if (problem !== undefined && problem !== null) fail(problem);
      else answer(result);
    };
    const callback = once((problem, result) => {
      onEmpty = () => {};
      if (problem !== undefined && problem !== null) fail(problem);
      else if (!waits) answer(result);
      else onEmpty = () => later(() => answer(result));
    });
    const parts = {
      get callbackWaitsForEmptyEventLoop() {
        return waits;
      },
      set callbackWaitsForEmptyEventLoop(value) {
        waits = value;
      },
      succeed: once((result) => done(null, result)),
      fail: once((problem) => done(problem === undefined || problem === null ? 'handled' : problem)),
      done: once(done),
    };
    onUncaught = (problem, code) => {
      const described = describeError(problem);
      client.fail(requestId, described.errorType, stringify(described));
      exit.call(process, code);
    };
    onEmpty = () => {
      isAnswered = true;
      client.respond(requestId, 'null');
      next();
    };
    try {
      const result = handler(readEvent(), Object.assign(parts, context), callback);
      if (typeof result?.then === 'function') result.then(parts.succeed, parts.fail).catch(parts.fail);
    } catch (problem) {
      callback(problem);
    }
  }

  function handleStreaming(head, body) {
    const { requestId, context, readEvent } = readInvocation(head, body);
    const nextStreamed = () => later(() => client.next(handleStreaming));
    const streaming = startStreaming(
      { client, requestId, log, context: { callbackWaitsForEmptyEventLoop: true, ...context }, readEvent, handler },
      () => {
        onEmpty = () => {};
        nextStreamed();
      },
    );
    onUncaught = (problem, code) => {
      streaming.report(problem);
      exit.call(process, code);
    };
    onEmpty = () => {
      streaming.end();
      nextStreamed();
    };
  }

  let handler;
  load().then(
    (loaded) => {
      handler = loaded;
      if (loaded[STREAMING] !== undefined) later(() => client.next(handleStreaming));
      else next();
    },
    (problem) => {
      // A failure to load is a rejection that nobody handles, without the words of one.
      log('Uncaught Exception', problem);
      postInitError(problem, 129);
    },
  );
};

function serialize(result) {
  try {
    return stringify(result === undefined ? null : result) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

/** Of all that it is given to, only the first call counts that does not throw. */
function onlyOnce() {
  let isCalled = false;
  return (run) =>
    (...values) => {
      if (isCalled) return;
      run(...values);
      isCalled = true;
    };
}
