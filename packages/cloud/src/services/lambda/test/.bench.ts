import { connect } from 'node:net';
import { Lambda } from '@aws-sdk/client-lambda';
import { startCloud } from '/work/main/packages/cloud/src/index.ts';
import { zipOf } from '/work/main/packages/cloud/src/services/lambda/test/zip.ts';

await using cloud = await startCloud({ folder: process.env.FOLDER });
const lambda = cloud.client(Lambda);
await lambda.createFunction({
  FunctionName: 'echo',
  Runtime: 'nodejs22.x',
  Handler: 'index.handler',
  Role: 'arn:aws:iam::000000000000:role/r',
  Code: { ZipFile: zipOf('exports.handler = async (event) => event;') },
});
const url = new URL(cloud.url);
const body = '{"hello":"world"}';
const head = (n: string) =>
  `POST /2015-03-31/functions/echo/invocations HTTP/1.1\r\nhost: ${url.host}\r\nauthorization: AWS4-HMAC-SHA256 Credential=test/20261124/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=x\r\ncontent-length: ${n.length}\r\n\r\n${n}`;
const socket = connect(Number(url.port), '127.0.0.1');
socket.setNoDelay(true);
let next: (() => void) | undefined;
let buffer = '';
socket.on('data', (d) => {
  buffer += d.toString('latin1');
  if (buffer.includes('\r\n\r\n') && buffer.endsWith(body)) {
    buffer = '';
    next?.();
  }
});
const call = () =>
  new Promise<void>((resolve) => {
    next = resolve;
    socket.write(head(body));
  });
for (let i = 0; i < 3000; i++) await call();
for (let round = 0; round < 5; round++) {
  const start = performance.now();
  const cpu = process.cpuUsage();
  for (let i = 0; i < 5000; i++) await call();
  const ms = performance.now() - start;
  const used = process.cpuUsage(cpu);
  console.log(
    Math.round((5000 / ms) * 1000),
    'invokes/s',
    Math.round((used.user + used.system) / 5000),
    'us cpu (cloud + client)',
  );
}
socket.destroy();
lambda.destroy();
