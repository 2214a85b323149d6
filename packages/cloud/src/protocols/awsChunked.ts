import { AwsError } from '../kernel/awsError.ts';
import { chunkSignature, isSame, type Signature, trailerSignature, type Verification } from './sigv4.ts';
import type { WireRequest } from './wire.ts';

/** Whether a body comes in signed or trailing chunks. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html */
export const isAwsChunked = ({ headers }: WireRequest): boolean =>
  headers['x-amz-content-sha256']?.startsWith('STREAMING-') === true ||
  headers['content-encoding']?.includes('aws-chunked') === true;

/** What the chunks are verified by, when signatures are. */
export interface ChunkVerification extends Verification {
  readonly seed: Signature;
}

/**
 * The request without its chunks: the payload as body, trailers as headers, and its own content encoding.
 *
 * @param verification - checks the chunks' signatures, when they have any
 * @throws {AwsError} `IncompleteBody` when it is cut off or malformed, `SignatureDoesNotMatch`
 */
export function unchunk(request: WireRequest, verification?: ChunkVerification): WireRequest {
  const { payload, trailers } = decode(request, verification);
  const headers: Record<string, string> = Object.assign(Object.create(null), request.headers);
  for (const [name, value] of trailers) headers[name] = value;
  const encoding = headers['content-encoding']
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked')
    .join(',');
  delete headers['content-encoding'];
  if (encoding) headers['content-encoding'] = encoding;
  const length = headers['x-amz-decoded-content-length'];
  if (length !== undefined && Number(length) !== payload.length) throw incomplete();
  headers['content-length'] = String(payload.length);
  return { ...request, headers, body: payload };
}

interface Decoded {
  readonly payload: Buffer;
  readonly trailers: ReadonlyMap<string, string>;
}

const CHUNK = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/;
const MAX_LINE = 1024;

function decode({ headers, body }: WireRequest, verification: ChunkVerification | undefined): Decoded {
  const isSigned = headers['x-amz-content-sha256']?.startsWith('STREAMING-AWS4-HMAC-SHA256') === true;
  const check = isSigned ? verification : undefined;
  let previous = check?.seed.signature ?? '';
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = lineAt(body, at);
    const [, size, signature] = CHUNK.exec(line) ?? [];
    if (size === undefined) throw incomplete();
    const start = at + line.length + 2;
    const end = start + Number.parseInt(size, 16);
    const chunk = body.subarray(start, end);
    if (check !== undefined) {
      const wanted = chunkSignature(previous, check.seed.time, chunk, check);
      if (!isSame(wanted, signature ?? '')) throw mismatch();
      previous = wanted;
    }
    if (end === start) return { payload: Buffer.concat(chunks), trailers: trailersAt(body, start, check, previous) };
    if (body.length < end + 2 || body[end] !== 13 || body[end + 1] !== 10) throw incomplete();
    chunks.push(chunk);
    at = end + 2;
  }
}

function lineAt(body: Buffer, at: number): string {
  const end = body.subarray(at, at + MAX_LINE).indexOf('\r\n');
  if (end < 0) throw incomplete();
  return body.toString('latin1', at, at + end);
}

/** What follows the last chunk: headers such as a checksum, and their signature. */
function trailersAt(
  body: Buffer,
  start: number,
  check: ChunkVerification | undefined,
  previous: string,
): Map<string, string> {
  const trailers = new Map<string, string>();
  let signature: string | undefined;
  for (let at = start; at < body.length; ) {
    const line = lineAt(body, at);
    at += line.length + 2;
    if (line === '') continue;
    const colon = line.indexOf(':');
    if (colon < 0) throw incomplete();
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'x-amz-trailer-signature') signature = value;
    else if (/^x-amz-[\w-]+$/.test(name)) trailers.set(name, value);
  }
  if (check !== undefined && trailers.size > 0) {
    const text = [...trailers].map(([name, value]) => `${name}:${value}\n`).join('');
    if (!isSame(trailerSignature(previous, check.seed.time, text, check), signature ?? '')) throw mismatch();
  }
  return trailers;
}

const incomplete = (): AwsError =>
  new AwsError(
    'IncompleteBody',
    400,
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );
const mismatch = (): AwsError =>
  new AwsError(
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  );
