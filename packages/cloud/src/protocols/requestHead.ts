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
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** What no ordinary head has: other bytes than printable ASCII, tabs and line ends. */
const ODD_BYTES = /[^\t\r\n -~]/;
/** Headers whose meaning the fast path does not know. */
const ODD_HEADERS = new Set(['transfer-encoding', 'expect', 'upgrade', 'content-encoding', 'origin', 'trailer', 'te']);
const MAX_NAMES = 1000;

const names = new Map<string, string>();

/** A header's name in lower case; undefined when it is none, or one that makes a request odd. Names recur: each is looked at once. */
function lower(name: string): string | undefined {
  const known = names.get(name);
  if (known !== undefined) return known;
  const result = name.toLowerCase();
  if (!NAME.test(name) || ODD_HEADERS.has(result)) return undefined;
  if (names.size < MAX_NAMES) names.set(name, result);
  return result;
}

/** Reads the head of an ordinary request; undefined when anything about it is out of the ordinary. */
export function readHead(text: string): Head | undefined {
  let end = lineEnd(text, 0);
  const target = end < 0 ? undefined : REQUEST_LINE.exec(text.slice(0, end))?.[1];
  if (target === undefined || ODD_BYTES.test(text)) return undefined;
  const headers: Record<string, string> = Object.create(null);
  while (end < text.length) {
    const start = end + 2;
    end = lineEnd(text, start);
    const colon = text.indexOf(':', start);
    if (colon < 0 || colon > end) return undefined;
    const name = lower(text.slice(start, colon));
    if (name === undefined || headers[name] !== undefined) return undefined;
    headers[name] = valueAt(text, colon + 1, end);
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

/** Where a line ends: the text's end for the last, -1 when a CR or LF stands alone. */
function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\r', start);
  const feed = text.indexOf('\n', start);
  if (end < 0) return feed < 0 ? text.length : -1;
  return feed === end + 1 ? end : -1;
}

/** The value between two places, without the blanks around it. */
function valueAt(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

/** Whether bytes without an end of head can still become an ordinary request. */
export const mayBeOrdinary = (bytes: Buffer): boolean =>
  bytes.length <= MAX_HEAD_BYTES && 'POST '.startsWith(bytes.toString('latin1', 0, Math.min(5, bytes.length)));
