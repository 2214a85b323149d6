import { Bare } from './bare.ts';

/** What the `authorization` header says. */
export interface Auth {
  readonly type: 'Bearer' | 'Basic' | 'Digest' | 'OAuth' | 'none';
  /** What follows the scheme; `null` when there is none. */
  readonly value: string | null;
  /** Name in Basic credentials. */
  readonly username?: string | null;
  /** Password in Basic credentials. */
  readonly password?: string | null;
  /** Named values of Digest and OAuth 1 credentials. */
  readonly [parameter: string]: string | null | undefined;
}

const NONE: Auth = Object.freeze({ type: 'none', value: null });

/** Reads the `authorization` header. Schemes other than Bearer, Basic, Digest and OAuth 1 are `none`. */
export function parseAuth(header: string | undefined): Auth {
  const space = header?.indexOf(' ') ?? -1;
  if (header === undefined || space < 1) return NONE;
  const value = header.slice(space + 1).trim();
  if (value === '') return NONE;
  switch (header.slice(0, space).toLowerCase()) {
    case 'bearer':
      return { type: 'Bearer', value };
    case 'basic':
      return basic(value);
    case 'digest':
      return named('Digest', value);
    case 'oauth':
      return named('OAuth', value);
    default:
      return NONE;
  }
}

function basic(value: string): Auth {
  const text = Buffer.from(value, 'base64').toString();
  const colon = text.indexOf(':');
  return colon === -1
    ? { type: 'Basic', value, username: text, password: null }
    : { type: 'Basic', value, username: text.slice(0, colon), password: text.slice(colon + 1) };
}

function named(type: 'Digest' | 'OAuth', value: string): Auth {
  const auth = new Bare<string>();
  for (const match of value.matchAll(/([\w-]+)=(?:"([^"]*)"|([^\s,"]*))/g)) {
    const name = match[1] ?? '';
    if (name !== '__proto__') auth[name] = match[2] ?? match[3] ?? '';
  }
  // Last, so that no parameter of the header can pass for the scheme.
  return Object.assign(auth, { type, value });
}
