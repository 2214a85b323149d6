'use strict';
const { AsyncResource } = require('node:async_hooks');
const { syncBuiltinESMExports } = require('node:module');
const timers = require('node:timers');
const timersPromises = require('node:timers/promises');
const { promisify } = require('node:util');
// Loaded before the timers are replaced: its own are for the network.
require('node:net');

const later = setImmediate;
const realClearTimeout = clearTimeout;
const MAX_DELAY = 2_147_483_647;

/** One timer: what `setTimeout` returns. */
class Timeout extends AsyncResource {
  constructor(owner, callback, delay, values, repeats) {
    super('Timeout');
    const ms = Number(delay);
    this.owner = owner;
    this.callback = callback;
    this.values = values;
    this.delay = ms >= 1 && ms <= MAX_DELAY ? Math.trunc(ms) : 1;
    this.repeats = repeats;
    this.id = ++owner.count;
    this.isRef = true;
    this.arm();
  }

  arm() {
    this.due = this.owner.now() + this.delay;
    this.order = ++this.owner.count;
    this.owner.add(this);
  }

  ref() {
    this.isRef = true;
    this.owner.changed();
    return this;
  }

  unref() {
    this.isRef = false;
    this.owner.changed();
    return this;
  }

  hasRef() {
    return this.isRef;
  }

  refresh() {
    this.arm();
    return this;
  }

  close() {
    this.owner.remove(this);
    return this;
  }

  [Symbol.toPrimitive]() {
    return this.id;
  }

  [Symbol.dispose]() {
    this.close();
  }
}

/** Timers that go off when the cloud says that their time has come. */
class VirtualTimers {
  #waiting = new Map();
  count = 0;
  /** Says whether some timer keeps the process alive. */
  keepAlive = () => {};

  constructor(now) {
    this.now = now;
  }

  /** When the first of them is due; null when there is none. */
  get due() {
    return this.#first()?.due ?? null;
  }

  /** Whether one of them keeps the process alive. */
  get isHeld() {
    for (const timeout of this.#waiting.values()) if (timeout.isRef) return true;
    return false;
  }

  add(timeout) {
    this.#waiting.set(timeout.id, timeout);
    this.changed();
  }

  remove(timeout) {
    if (this.#waiting.delete(timeout.id)) this.changed();
  }

  /** Forgets all of them. */
  clear() {
    this.#waiting.clear();
    this.changed();
  }

  changed() {
    this.keepAlive(this.isHeld);
  }

  /** Sets off what is due, one in a turn. */
  fire() {
    const timeout = this.#first();
    if (timeout === undefined || timeout.due > this.now()) return;
    this.remove(timeout);
    if (timeout.repeats) timeout.arm();
    later(() => this.fire());
    timeout.runInAsyncScope(timeout.callback, timeout, ...timeout.values);
  }

  #first() {
    let first;
    for (const timeout of this.#waiting.values()) {
      if (
        first === undefined ||
        timeout.due < first.due ||
        (timeout.due === first.due && timeout.order < first.order)
      ) {
        first = timeout;
      }
    }
    return first;
  }

  /** Puts them in the place of Node's. */
  install() {
    const set =
      (repeats) =>
      (callback, delay, ...values) => {
        if (typeof callback !== 'function') {
          throw Object.assign(
            new TypeError(`The "callback" argument must be of type function. Received ${typeof callback}`),
            {
              code: 'ERR_INVALID_ARG_TYPE',
            },
          );
        }
        return new Timeout(this, callback, delay, values, repeats);
      };
    const clear = (timeout) => {
      if (timeout instanceof Timeout) timeout.close();
      else if (this.#waiting.has(Number(timeout))) this.#waiting.get(Number(timeout)).close();
      else realClearTimeout(timeout);
    };
    const all = { setTimeout: set(false), setInterval: set(true), clearTimeout: clear, clearInterval: clear };
    const wait = (delay, value, { signal, ref = true } = {}) => this.#wait(all.setTimeout, delay, value, signal, ref);
    Object.defineProperty(all.setTimeout, promisify.custom, { enumerable: true, value: wait });
    Object.assign(globalThis, all);
    Object.assign(timers, all);
    timersPromises.setTimeout = wait;
    timersPromises.setInterval = async function* (delay, value, options) {
      for (;;) yield await wait(delay, value, options);
    };
    timersPromises.scheduler.wait = (delay, options) => wait(delay, undefined, options);
    AbortSignal.timeout = (delay) => {
      const controller = new AbortController();
      const end = () => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
      all.setTimeout(end, delay).unref();
      return controller.signal;
    };
    syncBuiltinESMExports();
  }

  #wait(setTimeout, delay, value, signal, ref) {
    return new Promise((resolve, reject) => {
      const fail = () =>
        reject(
          Object.assign(new Error('The operation was aborted', { cause: signal.reason }), {
            name: 'AbortError',
            code: 'ABORT_ERR',
          }),
        );
      if (signal?.aborted) return fail();
      const onAbort = () => {
        timeout.close();
        fail();
      };
      const timeout = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve(value);
      }, delay);
      if (!ref) timeout.unref();
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}

exports.VirtualTimers = VirtualTimers;
