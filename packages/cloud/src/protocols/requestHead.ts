/** The head of an ordinary SDK request. */
export interface Head {
  readonly path: string;
  readonly query: string;
  /** By lower-case name. */
  readonly headers: Record<string, string>;
  /** Of the body. */
  readonly length: number;
}

/** The longest head. */
export const MAX_HEAD_BYTES: number = 16 * 1024;
/** The longest body that the fast path takes. */
export const MAX_FAST_BODY_BYTES: number = 64 * 1024;

const REQUEST_LINE = /^POST (\/[!-~]*) HTTP\/1\.1$/;
const HEADER_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([ -~\t]*?)[ \t]*$/;
/** Headers whose meaning the fast path does not know. */
const ODD = new Set(['transfer-encoding', 'expect', 'upgrade', 'content-encoding', 'origin', 'trailer', 'te']);

const lowerCase = new Map<string, string>();

/** Header names recur: lower-cased once each. */
function lower(name: string): string {
  let result = lowerCase.get(name);
  if (result === undefined) {
    result = name.toLowerCase();
    if (lowerCase.size < 1000) lowerCase.set(name, result);
  }
  return result;
}

/** Reads the head of an ordinary request; undefined when anything about it is out of the ordinary. */
export function readHead(text: string): Head | undefined {
  const lines = text.split('\r\n');
  const target = REQUEST_LINE.exec(lines[0] ?? '')?.[1];
  if (target === undefined) return undefined;
  const headers: Record<string, string> = Object.create(null);
  for (let index = 1; index < lines.length; index++) {
    const match = HEADER_LINE.exec(lines[index] ?? '');
    if (match === null) return undefined;
    const name = lower(match[1] ?? '');
    if (headers[name] !== undefined || ODD.has(name)) return undefined;
    headers[name] = match[2] ?? '';
  }
  const { connection, 'content-length': contentLength, host } = headers;
  if (host === undefined || contentLength === undefined || !/^\d{1,5}$/.test(contentLength)) return undefined;
  if (connection !== undefined && connection.toLowerCase() !== 'keep-alive') return undefined;
  const length = Number(contentLength);
  if (length > MAX_FAST_BODY_BYTES) return undefined;
  const mark = target.indexOf('?');
  return mark < 0
    ? { path: target, query: '', headers, length }
    : { path: target.slice(0, mark), query: target.slice(mark + 1), headers, length };
}

/** Whether bytes without an end of head can still become an ordinary request. */
export const mayBeOrdinary = (bytes: Buffer): boolean =>
  bytes.length <= MAX_HEAD_BYTES && 'POST '.startsWith(bytes.toString('latin1', 0, Math.min(5, bytes.length)));
