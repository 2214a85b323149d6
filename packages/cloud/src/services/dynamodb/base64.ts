import { serializationException } from './errors.ts';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * The number of bytes that canonical base64 stands for.
 *
 * @throws SerializationException when the text is not canonical base64
 */
export function base64Size(text: string): number {
  const { length } = text;
  if (length % 4 !== 0) {
    throw serializationException(`Base64 encoded length is expected a multiple of 4 bytes but found: ${length}`);
  }
  if (length === 0) return 0;
  if (!BASE64.test(text)) throw serializationException('Invalid Base64 character found');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (padding > 0) {
    const last = ALPHABET.indexOf(text.charAt(length - padding - 1));
    // The bits that padding leaves over must be zero, so that equal bytes are equal texts.
    if (last & (padding === 2 ? 15 : 3))
      throw serializationException('Invalid last non-pad Base64 character dectected');
  }
  return (length / 4) * 3 - padding;
}
