'use strict';
const { stat } = require('node:fs');
const { usedStreams } = require('./assignment.cjs');
const { OpenRequests } = require('./openRequests.cjs');
const { UnseenWork } = require('./unseenWork.cjs');

// Handlers replace globals: what is used later is taken now.
const later = setImmediate;
const resources = process.getActiveResourcesInfo.bind(process);

/**
 * Knows when this process does nothing but wait for virtual timers or for answers of the cloud, and says so: exactly, never by a period of
 * grace. It is so when a round trip, through the event loop and, where somebody may have used it, through the pool of one thread, passed without
 * anybody else's callback, and nothing is open but sockets that such a request is on.
 */
exports.watchQuiet = ({ endpoint, onTurn, describe, isWaiting, isHeld, report, order }) => {
  const requests = new OpenRequests(order?.hosts ?? [new URL(endpoint).host], order?.name, () => check());
  order?.follow(requests);
  let isChecking = false;
  let said;
  const work = new UnseenWork(() => {
    onTurn();
    if (!isChecking) check();
  });

  function check() {
    if (isChecking) return;
    isChecking = true;
    later(begin);
  }

  function begin() {
    // What is open closes in a callback, which looks again: the round trip is for what cannot be seen.
    if (!isQuiet()) {
      isChecking = false;
      return;
    }
    const { callbacks } = work;
    const isPooled = work.mayBe();
    const goOn = () => {
      // One callback is ours: this one.
      if (work.callbacks !== callbacks + 1) {
        later(begin);
        return;
      }
      if (isPooled) work.isDone();
      end();
    };
    if (isPooled) stat('/', goOn);
    else later(goOn);
  }

  function end() {
    isChecking = false;
    if (!isQuiet()) return;
    const text = JSON.stringify(describe([...requests.numbers]));
    if (text === said) return;
    said = text;
    report(text);
  }

  function isQuiet() {
    if (work.isUnderWay) return false;
    const open = requests.numbers.size;
    const isResting = order?.isResting() === true;
    const isConnected = order?.connections.isOpen === true;
    if (open === 0 && !isResting && !isWaiting() && !isConnected) return false;
    let sockets = 0;
    let pipes = 0;
    let files = 0;
    for (const resource of resources()) {
      if (resource === 'TCPSocketWrap') sockets++;
      else if (resource === 'PipeWrap') pipes++;
      else if (resource === 'FSReqCallback') files++;
      else if (!RESTING.has(resource)) return false;
    }
    // The look at a file that told us so is still among them, and the socket to the cloud while a timer keeps the process alive.
    const known = open + (isResting ? 1 : 0) + (isConnected ? order.connections.sockets : 0);
    return files <= 1 && sockets <= known && pipes <= (isHeld() ? 1 : 0) + usedStreams();
  }

  return { check };
};

/** What is open without waiting for anything. */
const RESTING = new Set(['TTYWrap', 'CloseReq']);
