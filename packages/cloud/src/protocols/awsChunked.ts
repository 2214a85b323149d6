import { AwsError } from '../kernel/awsError.ts';

/** Whether a body comes in signed or trailing chunks. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html */
export const isAwsChunked = (headers: Readonly<Record<string, string>>): boolean =>
  headers['x-amz-content-sha256']?.startsWith('STREAMING-') === true ||
  headers['content-encoding']?.includes('aws-chunked') === true;

/** The payload of an `aws-chunked` body. @throws {AwsError} `IncompleteBody` when it is cut off or malformed */
export function decodeAwsChunked(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = body.indexOf('\r\n', at);
    const size =
      lineEnd < 0 ? undefined : /^([0-9a-fA-F]{1,8})(?:;.*)?$/.exec(body.toString('latin1', at, lineEnd))?.[1];
    if (size === undefined) throw incomplete();
    const length = Number.parseInt(size, 16);
    if (length === 0) return Buffer.concat(chunks);
    const start = lineEnd + 2;
    const end = start + length;
    if (body.length < end + 2 || body[end] !== 13 || body[end + 1] !== 10) throw incomplete();
    chunks.push(body.subarray(start, end));
    at = end + 2;
  }
}

const incomplete = (): AwsError => new AwsError('IncompleteBody', 400, 'The request body terminated unexpectedly');
