'use strict';
// Loaded only where the order of everything is chosen: chance inside functions is drawn from a seed, and what would be outside of the order is
// said to the cloud.
const crypto = require('node:crypto');
const childProcess = require('node:child_process');
const { syncBuiltinESMExports } = require('node:module');
const http = require('node:http');
const dgram = require('node:dgram');
const { Socket } = require('node:net');
const invocation = require('./invocation.cjs');
const { isAmong } = require('./hostPrefix.cjs');
const { Connections, remedyOf } = require('./tcp.cjs');

// Handlers replace globals: what is used later is taken now.
const { stringify } = JSON;

exports.beOrdered = ({ name, hosts, databases, client, report }) => {
  const spoil = (reason, remedy) => report(`!${stringify({ reason, remedy })}`);
  const draws = new Draws(name);
  draws.install();
  // An event that is tried again has the same request id, and other chances.
  const attempts = new Map();
  invocation.onInvocation = (requestId) => {
    const attempt = attempts.get(requestId) ?? 0;
    attempts.set(requestId, attempt + 1);
    draws.restart(`${name}/${requestId}/${attempt}`);
  };
  const connections = new Connections(databases, (news) => report(`@${stringify(news)}`));
  watchSockets(new Set([...hosts, process.env.AWS_LAMBDA_RUNTIME_API]), connections, spoil);
  watchProcesses(spoil);
  return {
    name,
    hosts,
    connections,
    isResting: () => client.isResting,
    follow: (requests) => {
      connections.nextPlace = () => requests.take();
      followArrays(requests);
    },
    restart: () => attempts.clear(),
  };
};

/** Requests whose headers are an array are announced, since they are on their way when anybody else hears of them. */
function followArrays(requests) {
  for (const method of ['request', 'get']) {
    const real = http[method];
    http[method] = (...values) => {
      const index = values.findIndex((value) => Array.isArray(value?.headers));
      if (index >= 0) values[index] = { ...values[index], headers: requests.announce(values[index].headers) };
      return real(...values);
    };
  }
  syncBuiltinESMExports();
}

function watchSockets(hosts, connections, spoil) {
  const real = Socket.prototype.connect;
  Socket.prototype.connect = function (...values) {
    const [first, second] = Array.isArray(values[0]) ? values[0] : values;
    const options = typeof first === 'object' && first !== null ? first : { port: first, host: second };
    const host = `${typeof options.host === 'string' ? options.host : 'localhost'}:${options.port}`;
    if (connections.isLed(options)) return connections.lead(this, options, callbackOf(values), real);
    if (typeof options.path === 'string' || !isAmong(hosts, host)) {
      spoil(`opened a connection to ${options.path ?? host}, which is not part of the order`, remedyOf(options));
    }
    return real.apply(this, values);
  };
  const bind = dgram.Socket.prototype.send;
  dgram.Socket.prototype.send = function (...values) {
    spoil('sent a datagram, which is not part of the order', 'leave out what sends datagrams in such tests');
    return bind.apply(this, values);
  };
}

/** Node hands over what it has made of the values of a call before, in a list. */
function callbackOf(values) {
  const all = Array.isArray(values[0]) ? values[0] : values;
  return all.findLast((value) => typeof value === 'function');
}

function watchProcesses(spoil) {
  const watch = (target, method) => {
    const real = target[method];
    target[method] = function (...values) {
      const what = typeof values[0] === 'object' ? values[0].file : values[0];
      spoil(
        `started a child process (${what}), which is not part of the order`,
        'do its work in the function itself in such tests',
      );
      return real.apply(this, values);
    };
  };
  watch(childProcess.ChildProcess.prototype, 'spawn');
  for (const method of ['spawnSync', 'execSync', 'execFileSync']) watch(childProcess, method);
}

/** Chance that is the same in each run of a seed: a mulberry32 that begins anew with each invocation. */
class Draws {
  #state;

  constructor(seed) {
    this.restart(seed);
  }

  restart(seed) {
    let bits = 0x811c9dc5;
    for (let index = 0; index < seed.length; index++) bits = Math.imul(bits ^ seed.charCodeAt(index), 0x01000193);
    this.#state = bits >>> 0;
  }

  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return (bits ^ (bits >>> 14)) >>> 0;
  }

  fill(view) {
    const bytes = new Uint8Array(view.buffer ?? view, view.byteOffset ?? 0, view.byteLength);
    for (let index = 0; index < bytes.length; index++) bytes[index] = this.next() & 255;
    return view;
  }

  uuid() {
    const bytes = this.fill(Buffer.alloc(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = bytes.hexSlice(0, 16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** Puts them in the place of Node's. */
  install() {
    const real = { randomInt: crypto.randomInt, randomFill: crypto.randomFill, randomBytes: crypto.randomBytes };
    Math.random = () => this.next() / 4_294_967_296;
    crypto.randomUUID = () => this.uuid();
    crypto.randomBytes = (size, callback) => {
      // What is wrong is for Node to say.
      if (!Number.isInteger(size) || size < 0 || size > 2 ** 31 - 1) return real.randomBytes(size, callback);
      const bytes = this.fill(Buffer.alloc(size));
      if (callback === undefined) return bytes;
      process.nextTick(callback, null, bytes);
      return undefined;
    };
    crypto.randomFillSync = (view, offset = 0, size = undefined) => {
      const width = view.BYTES_PER_ELEMENT ?? 1;
      const start = (view.byteOffset ?? 0) + offset * width;
      this.fill(
        new Uint8Array(
          view.buffer ?? view,
          start,
          size === undefined ? view.byteLength - offset * width : size * width,
        ),
      );
      return view;
    };
    crypto.randomFill = (view, ...more) => {
      const callback = more.pop();
      crypto.randomFillSync(view, ...more);
      process.nextTick(callback, null, view);
    };
    crypto.randomInt = (...values) => {
      const callback = typeof values.at(-1) === 'function' ? values.pop() : undefined;
      const [low, high] = values.length < 2 ? [0, values[0]] : values;
      if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || high <= low) return real.randomInt(...values);
      const number = low + Math.floor(((this.next() * 2_097_152 + (this.next() >>> 11)) / 2 ** 53) * (high - low));
      if (callback === undefined) return number;
      process.nextTick(callback, null, number);
      return undefined;
    };
    const { prototype } = Object.getPrototypeOf(crypto.webcrypto).constructor;
    prototype.getRandomValues = (view) => this.fill(view);
    prototype.randomUUID = () => this.uuid();
    syncBuiltinESMExports();
  }
}
