'use strict';
const { readInvocation } = require('./invocation.cjs');
const { setRequestId } = require('./console.cjs');

/**
 * Walks the whole way of an invocation once, with one that is none. A blank has time; what is connected, compiled and looked up now need not be
 * while somebody waits: half of a cold start.
 */
exports.rehearse = (client, done) => {
  client.rehearse((head, body) => {
    const { requestId, context, readEvent } = readInvocation(head, body);
    context.getRemainingTimeInMillis();
    client.respond(requestId, JSON.stringify(readEvent()));
    setRequestId(undefined);
    done();
  });
};
