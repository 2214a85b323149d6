import type { Stream } from '../../kernel/random.ts';

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A secret access key: 40 characters of base64. */
export const secretOf = (stream: Stream): string =>
  Array.from({ length: 40 }, () => CHARACTERS.charAt(stream.next() & 63)).join('');
