import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.map': 'application/json',
};
/** The page loads nothing from elsewhere, and nobody frames it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** One path part, no dots in front: nothing outside the folder can be named. */
const FILE = /^[a-z0-9][a-z0-9._-]*$/i;

/** Answers with a file of the page. */
export async function sendPageFile(folder: string, name: string, outgoing: ServerResponse): Promise<void> {
  const file = name === '' ? 'index.html' : name;
  const type = TYPES[extname(file)];
  const body =
    FILE.test(file) && type !== undefined ? await readFile(join(folder, file)).catch(() => undefined) : undefined;
  if (body === undefined || type === undefined) {
    outgoing.writeHead(404, { 'content-type': 'text/plain' }).end(`there is no ${file} here\n`);
    return;
  }
  outgoing.writeHead(200, {
    'content-type': type,
    'content-length': body.length,
    'cache-control': 'no-cache',
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  outgoing.end(body);
}
