import type { NextFunction } from './functions.ts';
import type { Request, Response } from './types.ts';

/** A handler in the style of the Fetch API, such as the `fetch` of a Hono app. */
export type FetchHandler = (request: globalThis.Request) => globalThis.Response | Promise<globalThis.Response>;

/** How a Fetch-style handler is mounted. */
export interface FetchHandlerOptions {
  /** Start of the path that the handler does not see. @default '' */
  readonly strip?: string;
}

/**
 * Mounts a Fetch-style handler.
 *
 * @example
 * api.any('/legacy/*', fetchHandler(hono.fetch, { strip: '/legacy' }));
 */
export function fetchHandler(
  handle: FetchHandler,
  { strip = '' }: FetchHandlerOptions = {},
): (req: Request, res: Response, next?: NextFunction) => Promise<void> {
  return async (req, res) => {
    const answer = await handle(toRequest(req, strip));
    res.status(answer.status).removeHeader('content-type');
    answer.headers.forEach((value, name) => {
      if (name !== 'set-cookie' && name !== 'content-length') res.header(name, value);
    });
    for (const cookie of answer.headers.getSetCookie()) res.header('set-cookie', [cookie], true);
    if (answer.body === null) res.send('');
    else if (isText(answer.headers.get('content-type'))) res.send(await answer.text());
    else res.send(new Uint8Array(await answer.arrayBuffer()));
  };
}

const isText = (type: string | null): boolean =>
  type !== null && /^(?:text\/|application\/(?:json|xml|javascript|[\w.+-]+\+(?:json|xml)))/i.test(type);

function toRequest(req: Request, strip: string): globalThis.Request {
  const headers = new Headers();
  for (const [name, values] of Object.entries(req.multiValueHeaders))
    for (const value of values) headers.append(name, value);
  if (!headers.has('cookie') && req.event.cookies !== undefined) headers.set('cookie', req.event.cookies.join('; '));
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(req.multiValueQuery))
    for (const value of values) query.append(name, value);
  const path = req.path.startsWith(strip) ? req.path.slice(strip.length) || '/' : req.path;
  const search = query.size === 0 ? '' : `?${query}`;
  const url = `https://${req.headers['host'] ?? 'localhost'}${path.startsWith('/') ? path : `/${path}`}${search}`;
  const bodyless = req.method === 'GET' || req.method === 'HEAD';
  return new Request(url, { method: req.method, headers, ...(bodyless ? {} : { body: new Uint8Array(req.bytes) }) });
}
