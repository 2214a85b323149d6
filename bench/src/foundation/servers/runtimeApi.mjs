// A bare Runtime API on node:http: it answers `next` at once with an event, and counts the answers of the runtime that it starts.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

let answers = 0;
const event = '{"hello":"world"}';
const server = createServer((request, response) => {
  if (request.url === '/answers') return void response.end(String(answers));
  if (request.url?.endsWith('/next')) {
    response.writeHead(200, {
      'lambda-runtime-aws-request-id': String(answers),
      'content-type': 'application/json',
      'content-length': event.length,
    });
    return void response.end(event);
  }
  request.resume();
  request.on('end', () => {
    answers++;
    response.writeHead(202, { 'content-length': 0 });
    response.end();
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const runtime = spawn(process.execPath, [fileURLToPath(new URL('bareRuntime.mjs', import.meta.url)), String(port)], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  process.on('exit', () => runtime.kill('SIGKILL'));
  process.stdout.write(`port ${port}\n`);
});
