// A bare runtime on node:http: asks for the next event, sends it back, for ever. It ends with its parent.
import { Agent, request } from 'node:http';

const port = Number(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
process.stdin.resume().on('end', () => process.exit());

const call = (method, path, body) =>
  new Promise((resolve) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent,
        headers: body === undefined ? {} : { 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ id: response.headers['lambda-runtime-aws-request-id'], body: Buffer.concat(chunks).toString() }),
        );
      },
    );
    sent.on('error', () => process.exit()); // its parent is gone
    sent.end(body);
  });

for (;;) {
  const { id, body } = await call('GET', '/2018-06-01/runtime/invocation/next');
  await call('POST', `/2018-06-01/runtime/invocation/${id}/response`, JSON.stringify(JSON.parse(body)));
}
