import { Bare } from './bare.ts';
import { ApiError, quiet } from './errors.ts';

/** A file of a multipart body. */
export interface UploadedFile {
  /** Name of the form's field. */
  readonly name: string;
  /** Name that the client gives to the file, without folders. */
  readonly filename: string;
  /** Content type that the client says it has. */
  readonly type: string;
  readonly bytes: Buffer;
}

/** A multipart body. */
export interface Multipart {
  /** Fields that are not files. One that occurs more often than once has an array. */
  readonly fields: Record<string, string | string[]>;
  readonly files: UploadedFile[];
}

/** Limits of a multipart body; one that goes beyond is answered with 413. */
export interface MultipartOptions {
  /** Most parts. @default 1000 */
  readonly maxParts?: number;
  /** Most bytes of one file. @default - those of the body */
  readonly maxFileSize?: number;
}

interface MultipartRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

const MAX_HEAD = 16_384;

/**
 * Reads a `multipart/form-data` body.
 *
 * @throws {ApiError} 415 when it is something else, 400 when it is malformed, 413 when it is beyond the limits.
 * @example
 * api.post('/avatar', (req) => multipart(req).files[0]?.bytes.length);
 */
export function multipart(
  req: MultipartRequest,
  { maxParts = 1000, maxFileSize = Number.POSITIVE_INFINITY }: MultipartOptions = {},
): Multipart {
  const type = req.headers['content-type'] ?? '';
  const boundary = /^multipart\/form-data\s*;.*?boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70})(?=[\s;]|$))/i.exec(type);
  if (boundary === null)
    throw quiet(() => new ApiError('Content type is not multipart/form-data with a boundary', 415));
  const fields = new Bare<string | string[]>();
  const files: UploadedFile[] = [];
  let parts = 0;
  for (const part of split(req.bytes, boundary[1] ?? boundary[2] ?? '')) {
    if (++parts > maxParts) throw quiet(() => new ApiError(`More than ${maxParts} parts`, 413));
    const { name, filename, contentType, bytes } = readPart(part);
    if (name === '__proto__') continue;
    if (filename === undefined) add(fields, name, bytes.toString());
    else if (bytes.length > maxFileSize)
      throw quiet(() => new ApiError(`File ${filename} is longer than ${maxFileSize} bytes`, 413));
    else files.push({ name, filename, type: contentType, bytes });
  }
  return { fields, files };
}

function malformed(what: string): ApiError {
  return quiet(() => new ApiError(`Malformed multipart body: ${what}`, 400));
}

function* split(bytes: Buffer, boundary: string): Generator<Buffer> {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const opening = delimiter.subarray(2);
  let position = bytes.subarray(0, opening.length).equals(opening) ? opening.length : -1;
  if (position === -1) {
    const found = bytes.indexOf(delimiter);
    if (found === -1) throw malformed('its boundary does not occur');
    position = found + delimiter.length;
  }
  while (bytes.toString('latin1', position, position + 2) !== '--') {
    const start = bytes.indexOf('\r\n', position);
    if (start === -1) throw malformed('it ends after a boundary');
    const end = bytes.indexOf(delimiter, start);
    if (end === -1) throw malformed('its last boundary is missing');
    yield bytes.subarray(start + 2, Math.max(end, start + 2));
    position = end + delimiter.length;
  }
}

function readPart(part: Buffer): { name: string; filename: string | undefined; contentType: string; bytes: Buffer } {
  const end = part.indexOf('\r\n\r\n');
  if (end === -1 || end > MAX_HEAD) throw malformed('a part has no head, or one that is too long');
  const head = part.toString('utf8', 0, end);
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(head)?.[1] ?? '';
  const name = parameter(disposition, 'name');
  if (name === undefined) throw malformed('a part has no name');
  const filename = parameter(disposition, 'filename');
  const contentType = /^content-type:\s*(.+?)\s*$/im.exec(head)?.[1] ?? 'application/octet-stream';
  return { name, filename: filename?.replace(/^.*[\\/]/s, ''), contentType, bytes: part.subarray(end + 4) };
}

function parameter(text: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|[;\\s])${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, 'i').exec(text);
  const value = match?.[1] ?? match?.[2];
  return value
    ?.replace(/\\(["\\])/g, '$1')
    .replace(/%22/g, '"')
    .replace(/%0D/gi, '\r')
    .replace(/%0A/gi, '\n');
}

function add(fields: Record<string, string | string[]>, name: string, value: string): void {
  const before = fields[name];
  fields[name] = before === undefined ? value : [before, value].flat();
}
