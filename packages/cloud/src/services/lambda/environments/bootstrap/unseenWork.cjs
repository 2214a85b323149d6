'use strict';
const { createHook } = require('node:async_hooks');
const { subscribe } = require('node:diagnostics_channel');
const { syncBuiltinESMExports } = require('node:module');
const sqlite = require('node:sqlite');

/** What a request over HTTP and ordinary code are made of: it is seen while it is open, or done before the event loop goes on. */
const SEEN = new Set(
  'HTTPCLIENTREQUEST HTTPINCOMINGMESSAGE Immediate Microtask PIPEWRAP SHUTDOWNWRAP STREAM_END_OF_STREAM TCPCONNECTWRAP TCPWRAP TickObject Timeout WRITEWRAP'.split(
    ' ',
  ),
);
/** Work of the thread pool, of which each piece is announced: HASHREQUEST, FSREQPROMISE. A stream of zlib is announced once for all its pieces. */
const PIECE = /REQUEST$|^FSREQ|^FILEHANDLE|^DIRHANDLE$|^BLOBREADER$|^GETADDRINFOREQWRAP$/;
/** What works in threads without announcing all that it does, and gives a promise. */
const SILENT = [
  [WebAssembly, ['compile', 'instantiate', 'compileStreaming', 'instantiateStreaming']],
  [sqlite, ['backup']],
];

/**
 * Knows whether something may be under way that nothing tells of: work in the thread pool, of which only a round trip through the pool shows that
 * it is done. In doubt there may be.
 */
class UnseenWork {
  /** How many callbacks have run. */
  callbacks = 0;
  #onCallback;
  #pieces = 1;
  #done = 0;
  /** Whether there is something here that works whenever it likes. */
  #isUnknown = false;
  #silent = 0;

  /** @param onCallback - called before each callback */
  constructor(onCallback) {
    this.#onCallback = onCallback;
    createHook({
      init: (_, type) => {
        if (SEEN.has(type)) return;
        if (PIECE.test(type)) this.#pieces++;
        else this.#isUnknown = true;
      },
      before: () => {
        this.callbacks++;
        onCallback();
      },
      trackPromises: false,
    }).enable();
    const { dlopen } = process;
    process.dlopen = (...values) => {
      this.#isUnknown = true;
      return dlopen.apply(process, values);
    };
    this.#followSilent();
    subscribe('worker_threads', ({ worker }) => this.#followWorker(worker));
  }

  /** Whether there is work that would be known to be over. */
  get isUnderWay() {
    return this.#silent > 0;
  }

  /** Whether there may be work in the thread pool. */
  mayBe() {
    return this.#isUnknown || this.#pieces > this.#done;
  }

  /** Says that all that has begun has been done. */
  isDone() {
    this.#done = this.#pieces;
  }

  #followSilent() {
    for (const [owner, methods] of SILENT) {
      for (const method of methods) {
        const real = owner[method];
        if (real === undefined) continue;
        owner[method] = (...values) => {
          const result = real.apply(owner, values);
          return result.finally(this.#begin());
        };
      }
    }
    syncBuiltinESMExports();
  }

  /** A thread ends a while before anybody hears of it. One that does not keep the process alive is not waited for. */
  #followWorker(worker) {
    let end = this.#begin();
    const { ref, unref } = worker;
    worker.ref = () => {
      // One that is over has no number.
      if (worker.threadId >= 0) end ??= this.#begin();
      ref.call(worker);
    };
    const rest = () => {
      end?.();
      end = undefined;
    };
    worker.unref = () => {
      rest();
      unref.call(worker);
    };
    worker.once('exit', rest);
  }

  /** Counts work that has begun. @returns what says that it is over */
  #begin() {
    this.#silent++;
    return () => {
      this.#silent--;
      this.#onCallback();
    };
  }
}

exports.UnseenWork = UnseenWork;
