import { invalidParameter } from './errors.ts';

/** Where a page begins. @throws InvalidParameter when the token is none of ours */
export function readToken(token: string | undefined): string {
  if (token === undefined) return '';
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!text.startsWith('after:')) throw invalidParameter('NextToken Reason: NextToken is invalid');
  return text.slice('after:'.length);
}

/** A token for the page behind `after`. */
export const writeToken = (after: string | number): string => Buffer.from(`after:${after}`).toString('base64url');
