/** How a function may be written, by what it stresses: each reads and writes the item `home` of the table, and none is awaited for nothing. */
export interface Shape {
  readonly what: string;
  readonly code: string;
  readonly runtime?: string;
  /** Whether the invocation fails. @default false */
  readonly fails?: boolean;
}

const HEAD = `
const { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } = require('@aws-sdk/client-dynamodb');
const dynamodb = new DynamoDBClient();
const TableName = process.env.TABLE;
const read = async (id = 'home') => Number((await dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }))).Item?.n.N ?? 0);
const write = (n, id = 'home') => dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id }, n: { N: String(n) } } }));
`;

/** A function that does `work` between its read and its write. */
const between = (work: string, before = ''): string =>
  `${HEAD}${before}\nexports.handler = async (event, context) => { const n = await read(); ${work}; await write(n + 1); return n; };`;

/** A function that does `work`, and then asks for something, while another request of it waits: it is not quiet as long as it works. */
const beside = (work: string): string =>
  between(`await Promise.all([write(1, 'beside'), (async () => { ${work}; await write(2, 'after'); })()])`);

/** Signs a request by hand as far as this cloud looks at it. */
const RAW = `
const key = process.env.AWS_ACCESS_KEY_ID;
const endpoint = new URL(process.env.AWS_ENDPOINT_URL);
const headersOf = (operation) => ({
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': 'DynamoDB_20120810.' + operation,
  authorization: 'AWS4-HMAC-SHA256 Credential=' + key + '/20300101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
});
const body = JSON.stringify({ TableName: process.env.TABLE, Key: { id: { S: 'home' } } });
`;

export const SHAPES: readonly Shape[] = [
  { what: 'the SDK with keep-alive', code: between('') },
  {
    what: 'an ES module with await at its top',
    code: `
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
const dynamodb = new DynamoDBClient();
const TableName = process.env.TABLE;
const Key = { id: { S: 'home' } };
const first = await dynamodb.send(new GetItemCommand({ TableName, Key }));
export const handler = async () => {
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key }));
  await dynamodb.send(new PutItemCommand({ TableName, Item: { ...Key, n: { N: String(Number(Item?.n.N ?? 0) + 1) } } }));
};`,
  },
  {
    what: 'Promise.all of reads and writes',
    code: between("await Promise.all([read('a'), read('b'), write(1, 'c'), write(2, 'd'), read('c')])"),
  },
  {
    what: 'more requests at once than sockets',
    code: between(
      "await Promise.all(Array.from({ length: 12 }, (_, i) => write(i, 'k' + i)))",
      "const { Agent } = require('node:http'); dynamodb.config.requestHandler = new (require('@smithy/node-http-handler').NodeHttpHandler)({ httpAgent: new Agent({ maxSockets: 3, keepAlive: true }) });",
    ),
  },
  {
    what: 'fetch',
    code: `${RAW}exports.handler = async () => (await (await fetch(endpoint, { method: 'POST', headers: headersOf('GetItem'), body })).json());`,
  },
  {
    what: 'fetch of which the body is not read',
    code: `${RAW}exports.handler = async () => (await fetch(endpoint, { method: 'POST', headers: headersOf('GetItem'), body })).status;`,
  },
  {
    what: 'node:http',
    code: `${RAW}const http = require('node:http');
exports.handler = () => new Promise((resolve, reject) => {
  const request = http.request(endpoint, { method: 'POST', headers: headersOf('GetItem') }, (response) => { let text = ''; response.on('data', (data) => (text += data)); response.on('end', () => resolve(text)); });
  request.on('error', reject).end(body);
});`,
  },
  {
    what: 'node:http with an array of headers',
    code: `${RAW}const http = require('node:http');
exports.handler = () => new Promise((resolve, reject) => {
  const headers = Object.entries({ ...headersOf('GetItem'), host: endpoint.host, 'content-length': body.length }).flat();
  const request = http.request(endpoint, { method: 'POST', headers }, (response) => { response.resume().on('end', () => resolve(response.statusCode)); });
  request.on('error', reject).end(body);
});`,
  },
  {
    what: 'a body that is streamed up',
    code: `${RAW}const { Readable } = require('node:stream');
exports.handler = async () => (await fetch(endpoint, { method: 'POST', headers: headersOf('GetItem'), body: Readable.toWeb(Readable.from([body.slice(0, 9), body.slice(9)].map((text) => Buffer.from(text)))), duplex: 'half' })).status;`,
  },
  {
    what: 'an answer of many pieces',
    code: between(
      "await write(1, 'long'); await Promise.all(Array.from({ length: 4 }, () => read('long')))",
      "const long = 'x'.repeat(300000);",
    ),
  },
  { what: 'a timer', code: between('await new Promise((resolve) => setTimeout(resolve, 50))') },
  {
    what: 'timers/promises and an interval',
    code: between(
      "const { setTimeout: sleep } = require('node:timers/promises'); let beats = 0; const interval = setInterval(() => beats++, 7); await Promise.all([sleep(30), sleep(20)]); clearInterval(interval); await write(beats, 'beats')",
    ),
  },
  {
    what: 'a race of a timer and a request',
    code: between("await Promise.race([read('slow'), new Promise((resolve) => setTimeout(resolve, 1))])"),
  },
  {
    what: 'pbkdf2 and scrypt in the thread pool',
    code: beside(
      "const { pbkdf2, scrypt } = require('node:crypto'); await Promise.all([new Promise((done) => pbkdf2('a', 'b', 20000, 32, 'sha256', done)), new Promise((done) => scrypt('a', 'b', 32, done))])",
    ),
  },
  {
    what: 'digests of Web Crypto',
    code: beside(
      "await Promise.all([crypto.subtle.digest('SHA-256', new Uint8Array(100000)), crypto.subtle.digest('SHA-1', new Uint8Array(10))])",
    ),
  },
  {
    what: 'zlib in the thread pool',
    code: beside(
      "const { gzip, brotliCompress } = require('node:zlib'); await Promise.all([new Promise((done) => gzip('x'.repeat(50000), done)), new Promise((done) => brotliCompress('y'.repeat(5000), done))])",
    ),
  },
  {
    what: 'a stream of zlib that is written to again and again',
    code: beside(
      "const { createGzip } = require('node:zlib'); const zip = createGzip(); for (let i = 0; i < 3; i++) { zip.write('x'.repeat(200000)); await new Promise((done) => zip.flush(done)); await write(i, 'zipped'); } zip.destroy()",
    ),
  },
  {
    what: 'WebAssembly that the engine compiles in threads of its own',
    code: beside(
      `${'const functions = 20000; const leb = (n) => { const out = []; do { out.push((n & 127) | (n > 127 ? 128 : 0)); n >>>= 7; } while (n > 0); return out; };'}
       const section = (id, items) => { const body = [...leb(items.length), ...items.flat()]; return [id, ...leb(body.length), ...body]; };
       const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, ...section(1, [[96, 0, 1, 127]]), ...section(3, Array(functions).fill([0])), ...section(10, Array(functions).fill([4, 0, 65, 7, 11]))]);
       const [{ instance }] = await Promise.all([WebAssembly.instantiate(bytes), WebAssembly.compile(bytes)]); await write(instance.exports === undefined ? 0 : 1, 'compiled')`,
    ),
  },
  {
    what: 'a backup of a database of SQLite, in the thread pool',
    code: beside(
      "const { DatabaseSync, backup } = require('node:sqlite'); const database = new DatabaseSync(':memory:'); database.exec('create table a(b); insert into a values (1)'); await backup(database, ':memory:')",
    ),
  },
  {
    what: 'files',
    code: beside(
      "const fs = require('node:fs/promises'); const { join } = require('node:path'); const file = join(process.env.TMPDIR, 'f'); await fs.writeFile(file, 'text'); await Promise.all([fs.readFile(file), fs.readdir('.')])",
    ),
  },
  {
    what: 'a worker thread',
    code: beside(
      "const { Worker } = require('node:worker_threads'); await new Promise((done, fail) => new Worker(\"require('node:worker_threads').parentPort.postMessage([1, 2, 3].map((x) => x * 2))\", { eval: true }).on('message', () => undefined).on('error', fail).on('exit', done))",
    ),
  },
  {
    what: 'setImmediate, nextTick and microtasks',
    code: between(
      'for (let i = 0; i < 50; i++) { await new Promise((done) => setImmediate(done)); await null; await new Promise((done) => process.nextTick(done)); }',
    ),
  },
  {
    what: 'chance',
    code: between(
      "const { randomUUID, randomBytes, randomInt } = require('node:crypto'); await write(Math.floor(Math.random() * 1e9), randomUUID() + randomBytes(4).toString('hex') + randomInt(1000) + crypto.randomUUID() + crypto.getRandomValues(new Uint8Array(2)))",
    ),
  },
  { what: 'the time', code: between('await write(Date.now(), new Date().toISOString())') },
  {
    what: 'a write that is not awaited',
    code: `${HEAD}exports.handler = async () => { const n = await read(); void write(n + 1); return n; };`,
  },
  {
    what: 'a handler with a callback',
    runtime: 'nodejs22.x',
    code: `${HEAD}exports.handler = (event, context, callback) => { read().then((n) => write(n + 1)).then(() => callback(null, 'done'), callback); };`,
  },
  {
    what: 'an error that is thrown',
    fails: true,
    code: `${HEAD}exports.handler = async () => { const n = await read(); await write(n + 1); throw new Error('failed at ' + n); };`,
  },
  {
    what: 'a process that ends itself',
    fails: true,
    code: `${HEAD}exports.handler = async () => { const n = await read(); await write(n + 1); process.exit(3); };`,
  },
  {
    what: 'retries of the SDK',
    code: between(
      "await dynamodb.send(new PutItemCommand({ TableName: 'none', Item: {} })).catch(() => undefined); await new DynamoDBClient({ maxAttempts: 3, requestHandler: { handle: () => { throw Object.assign(new Error('reset'), { name: 'TimeoutError', $retryable: {} }); } } }).send(new GetItemCommand({ TableName, Key: { id: { S: 'x' } } })).catch(() => undefined)",
    ),
  },
  {
    what: 'a condition that fails',
    code: `${HEAD}exports.handler = async () => { const n = await read(); try { await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: 'home' }, n: { N: String(n + 1) } }, ConditionExpression: 'attribute_not_exists(id)' })); return 'first'; } catch (error) { return error.name; } };`,
  },
  {
    what: 'an answer that is streamed',
    code: `${HEAD}exports.handler = awslambda.streamifyResponse(async (event, stream) => { const n = await read(); stream.write('one '); await write(n + 1); stream.end('two'); });`,
  },
];
