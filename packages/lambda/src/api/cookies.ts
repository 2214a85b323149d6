import { Bare } from './bare.ts';
import { decode } from './decode.ts';
import { ResponseError } from './errors.ts';
import { TOKEN } from './token.ts';

/** Attributes of a cookie. */
export interface CookieOptions {
  /** Domain that the cookie is sent to. @default - the host that sets it */
  readonly domain?: string;
  /** When it ends. @default - with the session */
  readonly expires?: Date;
  /** Hidden from scripts. @default false */
  readonly httpOnly?: boolean;
  /** Lifetime in milliseconds; also sets `expires` when that is not given. */
  readonly maxAge?: number;
  /** Path that the cookie is sent to. @default '/' */
  readonly path?: string;
  /** Only over HTTPS. @default false */
  readonly secure?: boolean;
  /** `true` is Strict, `false` is Lax. @default - not set */
  readonly sameSite?: boolean | 'Strict' | 'Lax' | 'None';
  /** One cookie jar per top-level site (CHIPS). @default false */
  readonly partitioned?: boolean;
}

/** Cookies of the `cookie` header or headers; the first of a name wins. */
export function parseCookies(parts: readonly string[]): Record<string, string> {
  const cookies = new Bare<string>();
  for (const part of parts) {
    for (const pair of part.split(';')) {
      const equals = pair.indexOf('=');
      if (equals < 1) continue;
      const name = pair.slice(0, equals).trim();
      if (name === '' || name === '__proto__' || name in cookies) continue;
      const value = pair.slice(equals + 1).trim();
      cookies[name] = decode(
        value.startsWith('"') && value.endsWith('"') && value.length > 1 ? value.slice(1, -1) : value,
      );
    }
  }
  return cookies;
}

// Control characters are exactly what must not get into a header.
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const UNSAFE = /[\u0000-\u001f\u007f;]/;

/** The `set-cookie` line of a cookie. Values that are not strings are sent as JSON. */
export function formatCookie(name: string, value: unknown, options: CookieOptions): string {
  if (!TOKEN.test(name))
    throw new ResponseError(`cookie name ${JSON.stringify(name)} has characters that are not allowed`);
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  let line = `${name}=${encodeURIComponent(text)}`;
  if (options.domain !== undefined) line += `; Domain=${attribute(options.domain)}`;
  const expires = options.expires ?? (options.maxAge === undefined ? undefined : new Date(Date.now() + options.maxAge));
  if (expires !== undefined) line += `; Expires=${expires.toUTCString()}`;
  if (options.httpOnly) line += '; HttpOnly';
  if (options.maxAge !== undefined) line += `; Max-Age=${Math.trunc(options.maxAge / 1000)}`;
  line += `; Path=${attribute(options.path ?? '/')}`;
  if (options.secure) line += '; Secure';
  if (options.sameSite !== undefined) line += `; SameSite=${sameSite(options.sameSite)}`;
  if (options.partitioned) line += '; Partitioned';
  return line;
}

function sameSite(value: boolean | string): string {
  if (typeof value === 'boolean') return value ? 'Strict' : 'Lax';
  return attribute(value);
}

function attribute(value: string): string {
  if (UNSAFE.test(value))
    throw new ResponseError(`cookie attribute ${JSON.stringify(value)} has characters that are not allowed`);
  return value;
}
