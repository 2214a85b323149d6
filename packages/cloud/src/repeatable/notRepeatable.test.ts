import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededApp } from './test/seededApp.ts';

const FUNCTIONS = {
  Child: { code: "exports.handler = async () => require('node:child_process').execFileSync('true').length;" },
  Spawn: {
    code: "exports.handler = () => new Promise((done) => require('node:child_process').spawn('true').on('exit', done));",
  },
  Foreign: { code: 'exports.handler = async ({ url }) => (await fetch(url)).text();' },
  Datagram: {
    code: "exports.handler = () => new Promise((done) => { const socket = require('node:dgram').createSocket('udp4'); socket.send('x', 9, '127.0.0.1', () => { socket.close(); done(1); }); });",
  },
  Burner: { code: 'exports.handler = async () => { for (;;) ; };', timeoutSeconds: 1 },
  Restless: {
    code: 'exports.handler = () => { const turn = () => setImmediate(turn); turn(); return new Promise(() => undefined); };',
    timeoutSeconds: 1,
  },
  Killed: { code: "exports.handler = () => process.kill(process.pid, 'SIGKILL') && new Promise(() => undefined);" },
  Thread: {
    code: `const { Worker } = require('node:worker_threads');
exports.handler = () => new Promise((done) => new Worker("fetch(process.env.AWS_ENDPOINT_URL + '/2015-03-31/functions/').then((r) => r.text())", { eval: true }).on('exit', done));`,
  },
  Socket: {
    code: "exports.handler = () => new Promise((done) => require('node:net').connect('/tmp/none.sock').on('error', ({ code }) => done(code)));",
  },
  Plain: { code: 'exports.handler = async () => 1;' },
};

describe('what is outside of the order', { timeout: 60_000 }, () => {
  let app: SeededApp;
  beforeAll(async () => {
    app = await SeededApp.start(FUNCTIONS);
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it.each([
    ['Child', /Child-\w+\.\d started a child process \(true\)/],
    ['Spawn', /Spawn-\w+\.\d started a child process \(true\)/],
    ['Datagram', /Datagram-\w+\.\d sent a datagram/],
    ['Killed', /Killed-\w+\.\d was killed by the machine/],
    ['Thread', /a request \(GET .* came that is neither the test's nor a function's/],
    ['Socket', /Socket-\w+\.\d opened a connection to \/tmp\/none\.sock/],
    ['Burner', /Burner-\w+\.\d computed for \d+ ms/],
    ['Restless', /Restless-\w+\.\d computed for \d+ ms/],
  ] as const)('%s: the run says so, and ends', async (name, reason) => {
    const { record, answers } = await app.run(name, 1);
    expect(record.notRepeatable?.reason).toMatch(reason);
    expect(record.notRepeatable?.remedy).not.toBe('');
    expect(answers).toHaveLength(2);
  });

  it('says that a function talks to a server that is none of the cloud', async () => {
    const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo; // of a server that listens on TCP
    const { record, answers } = await app.run('Foreign', 1, { event: { url: `http://127.0.0.1:${port}/` } });
    server.close();
    expect(record.notRepeatable?.reason).toMatch(
      new RegExp(`Foreign-\\w+\\.\\d opened a connection to 127\\.0\\.0\\.1:${port}`),
    );
    expect(answers[0]).toEqual([undefined, '"hello"']);
  });

  it('is repeatable again in the next run', async () => {
    await app.run('Child', 1);
    expect((await app.run('Plain', 1)).record.notRepeatable).toBeNull();
  });
});
