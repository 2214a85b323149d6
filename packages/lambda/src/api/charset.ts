import { ApiError, quiet } from './errors.ts';

const ENCODINGS: Readonly<Record<string, BufferEncoding>> = {
  'utf-8': 'utf8',
  utf8: 'utf8',
  'us-ascii': 'latin1',
  ascii: 'latin1',
  'iso-8859-1': 'latin1',
  latin1: 'latin1',
  'utf-16le': 'utf16le',
};

/** Text of a body in the charset of its content type. @throws {ApiError} 415 for a charset that is not known. */
export function decodeText(bytes: Buffer, contentType: string): string {
  const charset = /;\s*charset="?([^\s";]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8';
  const encoding = Object.hasOwn(ENCODINGS, charset) ? ENCODINGS[charset] : undefined;
  if (encoding === undefined) throw quiet(() => new ApiError(`Unsupported charset ${charset}`, 415));
  return bytes.toString(encoding);
}
