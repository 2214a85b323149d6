'use strict';
const { readSync, writeSync } = require('node:fs');
const { Module } = require('node:module');

/** The descriptor of the socket that leads to the cloud. */
const CONTROL = 4;
exports.CONTROL = CONTROL;

/**
 * Says that this process is ready, and blocks until it is told which function it is for. A blank whose cloud is gone reads the end of the
 * file, and ends.
 */
exports.readAssignment = () => {
  writeSync(CONTROL, 'r');
  const head = Buffer.alloc(4);
  fill(head);
  const body = Buffer.alloc(head.readUInt32BE(0));
  fill(body);
  const assignment = JSON.parse(body.toString('utf8'));
  become(assignment);
  return assignment;
};

function fill(buffer) {
  for (let at = 0; at < buffer.length; ) {
    const count = readSync(CONTROL, buffer, at, buffer.length - at, null);
    if (count === 0) process.exit(0);
    at += count;
  }
}

function become({ environment, folder, sourceMaps }) {
  if (environment !== undefined) {
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
    Object.assign(process.env, environment);
  }
  // Read by Node at its start only, and AWS's way to the modules of layers.
  Module._initPaths();
  process.chdir(folder);
  process.argv[1] = '/var/runtime/index.mjs';
  process.title = `skein: ${process.env.AWS_LAMBDA_FUNCTION_NAME}`;
  if (sourceMaps) process.setSourceMapsEnabled(true);
  for (const name of ['stdout', 'stderr']) writeAtOnce(name);
}

let streams = 0;
/** How many of stdout and stderr have been used: each is a pipe that is open, and waits for nothing. */
exports.usedStreams = () => streams;

/** What was written has left the process when the next invocation is asked for, however much it is. */
function writeAtOnce(name) {
  const { get, ...descriptor } = Object.getOwnPropertyDescriptor(process, name);
  let stream;
  Object.defineProperty(process, name, {
    ...descriptor,
    get() {
      if (stream === undefined) {
        stream = get.call(process);
        streams++;
        stream._handle?.setBlocking?.(true);
      }
      return stream;
    },
  });
}
