import { createHmac, timingSafeEqual } from 'node:crypto';

const sign = (user: string, secret: string): string => createHmac('sha256', secret).update(user).digest('base64url');

/** A token that says who its bearer is: the name, signed. */
export const tokenOf = (user: string, secret: string): string => `${user}.${sign(user, secret)}`;

/** Who bears a token; undefined when it was not signed with the secret. */
export function userOf(token: string, secret: string): string | undefined {
  const dot = token.lastIndexOf('.');
  if (dot < 1) return undefined;
  const user = token.slice(0, dot);
  const expected = Buffer.from(sign(user, secret));
  const given = Buffer.from(token.slice(dot + 1));
  return given.length === expected.length && timingSafeEqual(given, expected) ? user : undefined;
}
