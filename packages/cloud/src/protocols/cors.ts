import type { IncomingHttpHeaders } from 'node:http';

/** What lets a page of another origin use an AWS SDK here; undefined when no page asks. */
export function corsHeaders(headers: IncomingHttpHeaders): Record<string, string> | undefined {
  if (headers.origin === undefined) return undefined;
  return {
    'access-control-allow-origin': headers.origin,
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '*',
    'access-control-expose-headers': EXPOSED,
    'access-control-max-age': '86400',
    vary: 'origin',
  };
}

const EXPOSED = [
  '*',
  'x-amzn-requestid',
  'x-amzn-errortype',
  'x-amzn-query-error',
  'x-amz-request-id',
  'x-amz-id-2',
  'x-amz-crc32',
  'x-amz-version-id',
  'x-amz-function-error',
  'x-amz-log-result',
  'x-amz-executed-version',
  'date',
  'etag',
].join(', ');
