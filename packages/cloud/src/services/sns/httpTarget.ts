import type { IncomingMessage } from 'node:http';

/** AWS gives an endpoint so long, of the machine's time. */
const TIMEOUT_MS = 15_000;

/** What an endpoint answered. */
export interface HttpAnswer {
  readonly status: number;
}

/** Posts a body to an endpoint. @throws when there is no answer, or none in 15 seconds */
export function post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const target = new URL(url);
  const { request } =
    target.protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');
  const bytes = Buffer.from(body);
  const auth = target.username === '' ? {} : { auth: decodeURIComponent(`${target.username}:${target.password}`) };
  const options = {
    method: 'POST',
    headers: { ...headers, 'Content-Length': String(bytes.length) },
    timeout: TIMEOUT_MS,
    agent: false,
    ...auth,
  };
  const outgoing = request(target, options, (incoming: IncomingMessage) => {
    incoming.resume();
    incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0 }));
    incoming.on('error', reject);
  });
  outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer in ${TIMEOUT_MS} ms`)));
  outgoing.on('error', reject);
  outgoing.end(bytes);
  return promise;
}
