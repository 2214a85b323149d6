'use strict';
const { flushCompileCache } = require('node:module');
const { headerOf } = require('./runtimeClient.cjs');
const { setRequestId } = require('./console.cjs');
const { expectResponse } = require('./responseUrl.cjs');

// Handlers replace globals: what is used later is taken now.
const { parse } = JSON;
const { now: readTime } = Date;
const toNumber = Number;

/** Called with the id of each invocation before it runs, where somebody asks. */
exports.onInvocation = undefined;
/** The process's virtual time, once it is known that there is one: to look a module up takes as long as to read a whole invocation. */
let time;

/** What `next` answered: the event, and what is known of the invocation. */
exports.readInvocation = (head, body) => {
  const requestId = headerOf(head, 'Lambda-Runtime-Aws-Request-Id');
  const deadline = toNumber(headerOf(head, 'Lambda-Runtime-Deadline-Ms'));
  const trace = headerOf(head, 'Lambda-Runtime-Trace-Id');
  const clientContext = headerOf(head, 'Lambda-Runtime-Client-Context');
  const now = headerOf(head, 'Skein-Now');
  if (now !== undefined) {
    time ??= require('./virtualTime.cjs');
    if (headerOf(head, 'Skein-Reset') === undefined) time.hear(toNumber(now));
    else time.reset(toNumber(now));
  }
  setRequestId(requestId);
  exports.onInvocation?.(requestId);
  if (trace === undefined) delete process.env._X_AMZN_TRACE_ID;
  else process.env._X_AMZN_TRACE_ID = trace;
  return {
    requestId,
    trace,
    readEvent: () => {
      const event = parse(body.utf8Slice(0, body.length));
      if (event?.ResponseURL !== undefined) expectResponse(event);
      return event;
    },
    context: {
      functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
      logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
      clientContext: clientContext === undefined ? undefined : parse(clientContext),
      identity: undefined,
      invokedFunctionArn: headerOf(head, 'Lambda-Runtime-Invoked-Function-Arn'),
      awsRequestId: requestId,
      tenantId: undefined,
      getRemainingTimeInMillis: () => deadline - readTime(),
    },
  };
};

let isFlushed = false;

/** The process ends by a kill: what was compiled is written after the first answer, or never. */
exports.flushOnce = () => {
  if (isFlushed) return;
  isFlushed = true;
  flushCompileCache?.();
};
