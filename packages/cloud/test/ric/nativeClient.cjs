'use strict';
// Stands in for the native module of aws-lambda-ric, which its install script would build: the same three calls, which block as those do.
const { spawnSync } = require('node:child_process');
const { get } = require('node:http');

const base = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/`;

exports.next = () =>
  new Promise((resolve, reject) => {
    get(`${base}next`, (response) => {
      let bodyJson = '';
      response.setEncoding('utf8');
      response.on('data', (text) => {
        bodyJson += text;
      });
      response.on('end', () => resolve({ bodyJson, headers: response.headers }));
    }).on('error', reject);
  });

exports.done = (id, body) => post(`${id}/response`, body);
exports.error = (id, body) => post(`${id}/error`, body, JSON.parse(body).errorType);

const POST = `
const [url, type] = process.argv.slice(1);
const request = require('node:http').request(url, { method: 'POST', headers: { 'Lambda-Runtime-Function-Error-Type': type } });
request.on('response', (response) => response.resume());
process.stdin.pipe(request);`;

const post = (path, input, type = '') =>
  spawnSync(process.execPath, ['-e', POST, base + path, type], { input, env: {} });
