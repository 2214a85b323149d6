'use strict';
// nodejs24.x and newer: handlers answer with their value or promise; an error that nobody catches ends the process.
const { describeError, runtimeError } = require('./errors.cjs');
const { flushOnce, readInvocation } = require('./invocation.cjs');
const { STREAMING } = require('./globals.cjs');
const { startStreaming } = require('./streaming.cjs');

// Handlers replace globals: what is used later is taken now.
const { stringify } = JSON;
const later = setImmediate;

const NO_CALLBACKS =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';

exports.runByFourthRules = ({ client, log, load }) => {
  let handler;
  const next = () => client.next(handle);

  async function handle(head, body) {
    const { requestId, context, readEvent } = readInvocation(head, body);
    let answer;
    try {
      answer = serialize(await handler(readEvent(), context));
    } catch (problem) {
      later(() => {
        log('Invoke Error', problem);
        const described = describeError(problem);
        client.fail(requestId, described.errorType, stringify(described));
        next();
      });
      return;
    }
    later(() => {
      client.respondAndNext(requestId, answer, handle);
      flushOnce();
    });
  }

  load()
    .then((loaded) => {
      if (loaded.length >= 3 && !loaded[STREAMING]) throw runtimeError(4, 'CallbackHandlerDeprecated', NO_CALLBACKS);
      return loaded;
    })
    .then(
      (loaded) => {
        handler = loaded;
        if (loaded[STREAMING]) later(() => client.next(handleStreamed));
        else next();
      },
      (problem) => {
        log('Init Error', problem);
        const described = describeError(problem);
        client.failInit(described.errorType, stringify(described), () => {
          later(() => {
            throw problem;
          });
        });
      },
    );

  function handleStreamed(head, body) {
    const { requestId, context, readEvent } = readInvocation(head, body);
    startStreaming({ client, requestId, log, context, readEvent, handler }, () => client.next(handleStreamed));
  }
};

function serialize(result) {
  try {
    return stringify(result === undefined ? null : result) ?? 'null';
  } catch {
    throw runtimeError(4, 'JSONStringifyError', 'Unable to stringify response body');
  }
}
